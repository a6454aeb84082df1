//! Connections that wait for the server to need a stream to the tool, and the streams they become.

use crate::{
    control::{REDIAL, dial},
    status::Streams,
};
use atelier_api::channel::{POOLED, WAKE};
use std::{io, net::Ipv4Addr};
use tokio::{
    io::{AsyncReadExt, copy_bidirectional_with_sizes},
    net::{TcpStream, UnixStream},
    time::sleep,
};

/// Fast for downloads. A page of it takes memory only when bytes have been in it.
const BUFFER: usize = 256 * 1024;
/// More waiting connections help nobody: each is replaced the moment it is taken.
const MOST_WAITING: usize = 256;

/// Keeps `size` connections waiting from now on.
pub(crate) fn keep(size: usize, port: u16, streams: &Streams) {
    for _ in 0..size.clamp(1, MOST_WAITING) {
        tokio::spawn(keep_one(port, streams.clone()));
    }
}

async fn keep_one(port: u16, streams: Streams) {
    loop {
        match waited().await {
            Ok(stream) => {
                let open = streams.open();
                tokio::spawn(async move {
                    // Either end may break off at any time; both connections end with the task.
                    let _ = relay(stream, port).await;
                    drop(open);
                });
            }
            Err(_) => sleep(REDIAL).await,
        }
    }
}

/// A connection that the server has woken.
async fn waited() -> io::Result<UnixStream> {
    let mut stream = dial(POOLED).await?;
    match stream.read_u8().await? {
        WAKE => Ok(stream),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Copies both ways until both are done; the end of one way is passed on as such.
async fn relay(mut server: UnixStream, port: u16) -> io::Result<()> {
    let mut tool = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    tool.set_nodelay(true)?;
    copy_bidirectional_with_sizes(&mut server, &mut tool, BUFFER, BUFFER).await?;
    Ok(())
}
