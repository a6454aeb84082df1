//! Taking in connections and asking what they are for.

use super::Told;
use super::control;
use super::pool::Waiting;
use super::workload::Workload;
use atelier_api::channel::{CONTROL, POOLED};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

/// An agent says at once what a connection is for.
const PATIENCE: Duration = Duration::from_secs(5);
/// After the system could not give us a connection, for lack of file descriptors as a rule.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves the workload until it is closed.
pub(super) async fn serve(listener: UnixListener, workload: Arc<Workload>, reports: mpsc::Sender<Told>) {
    let closed = workload.closed.clone();
    closed.run_until_cancelled(accept(listener, workload, reports)).await;
}

async fn accept(listener: UnixListener, workload: Arc<Workload>, reports: mpsc::Sender<Told>) {
    loop {
        workload.connection_rate.until_ready().await;
        // Whoever has too many waits in the system's queue.
        let Ok(permit) = workload.connections.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((socket, _)) => {
                let (workload, reports) = (workload.clone(), reports.clone());
                tokio::spawn(async move {
                    let closed = workload.closed.clone();
                    closed.run_until_cancelled(greet(Waiting { socket, permit }, &workload, reports)).await;
                });
            }
            Err(error) => {
                tracing::warn!(workload = workload.id, %error, "could not accept a workload's connection");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn greet(mut connection: Waiting, workload: &Workload, reports: mpsc::Sender<Told>) {
    match timeout(PATIENCE, purpose(&mut connection.socket)).await {
        Ok(Some(POOLED)) => workload.pool.add(connection),
        Ok(Some(CONTROL)) => control::serve(connection.socket, workload, &reports).await,
        _ => tracing::debug!(workload = workload.id, "a connection did not say what it is for"),
    }
}

async fn purpose(socket: &mut UnixStream) -> Option<u8> {
    socket.read_u8().await.ok()
}
