//! The server's API on the container's own loopback: every connection is carried to the server as it is.
//! Whoever connects is the workload, as is everything in the container.

use crate::control::{REDIAL, dial};
use atelier_api::channel::{API, API_PORT};
use std::{io, net::Ipv4Addr, sync::Arc, time::Duration};
use tokio::{
    io::copy_bidirectional_with_sizes,
    net::{TcpListener, TcpStream, UnixStream},
    sync::Semaphore,
    time::{Instant, sleep},
};

/// Connections at once, fewer than the server takes; more wait to be accepted.
const MOST: usize = 48;
const BUFFER: usize = 64 * 1024;
/// While the server is away, as when it is updated.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes the port. Call it before the tool could.
pub(crate) async fn listen() -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, API_PORT)).await
}

/// Where the tool's processes find it.
pub(crate) fn address() -> String {
    format!("http://{}:{API_PORT}", Ipv4Addr::LOCALHOST)
}

/// Carries connections for ever.
pub(crate) async fn serve(listener: TcpListener) {
    let places = Arc::new(Semaphore::new(MOST));
    while let Ok(place) = places.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((client, _)) => {
                tokio::spawn(async move {
                    // Either end may break off at any time; both connections end with the task.
                    let _ = relay(client).await;
                    drop(place);
                });
            }
            // For lack of file descriptors, as a rule.
            Err(_) => sleep(REDIAL).await,
        }
    }
}

async fn relay(mut client: TcpStream) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut server = reach_server().await?;
    copy_bidirectional_with_sizes(&mut client, &mut server, BUFFER, BUFFER).await?;
    Ok(())
}

async fn reach_server() -> io::Result<UnixStream> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match dial(API).await {
            Err(_) if Instant::now() < deadline => sleep(REDIAL).await,
            outcome => return outcome,
        }
    }
}
