//! Taking in connections and asking what they are for.

use super::Heard;
use super::control;
use super::pool::Waiting;
use super::program::Program;
use super::workload::Workload;
use atelier_api::channel::{API, CONTROL, POOLED};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::{UnixListener, UnixStream};
use tokio::time::{sleep, timeout};

/// An agent says at once what a connection is for.
const PATIENCE: Duration = Duration::from_secs(5);
/// After the system could not give us a connection, for lack of file descriptors as a rule.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves the workload until it is closed.
pub(super) async fn serve(listener: UnixListener, workload: Arc<Workload>, heard: Heard) {
    let closed = workload.closed.clone();
    closed.run_until_cancelled(accept(listener, workload, heard)).await;
}

async fn accept(listener: UnixListener, workload: Arc<Workload>, heard: Heard) {
    loop {
        workload.connection_rate.until_ready().await;
        // Whoever has too many waits in the system's queue.
        let Ok(permit) = workload.connections.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((socket, _)) => {
                let (workload, heard) = (workload.clone(), heard.clone());
                tokio::spawn(async move {
                    let closed = workload.closed.clone();
                    closed.run_until_cancelled(greet(Waiting { socket, permit }, &workload, &heard)).await;
                });
            }
            Err(error) => {
                tracing::warn!(workload = workload.id, %error, "could not accept a workload's connection");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn greet(mut connection: Waiting, workload: &Arc<Workload>, heard: &Heard) {
    match timeout(PATIENCE, purpose(&mut connection.socket)).await {
        Ok(Some(POOLED)) => workload.pool.add(connection),
        Ok(Some(CONTROL)) => control::serve(connection.socket, workload, &heard.reports).await,
        Ok(Some(API)) => {
            if let Some(program) = Program::of(connection, workload) {
                // Whoever takes them is gone only with the server.
                heard.programs.send(program).await.ok();
            }
        }
        _ => tracing::debug!(workload = workload.id, "a connection did not say what it is for"),
    }
}

async fn purpose(socket: &mut UnixStream) -> Option<u8> {
    socket.read_u8().await.ok()
}
