//! Asking the server itself, as a browser would.

use hyper::header::HOST;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(5);

/// Whether a server of ours answers there, without TLS.
pub(super) async fn answers(address: SocketAddr, host: &str) -> bool {
    timeout(LIMIT, health(address, host)).await.is_ok_and(|answer| answer.is_ok_and(|ok| ok))
}

async fn health(address: SocketAddr, host: &str) -> anyhow::Result<bool> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::get("/healthz").header(HOST, host).body(String::new())?;
    Ok(sender.send_request(request).await?.status() == StatusCode::OK)
}

/// Whether anything takes a connection there.
pub(super) async fn connects(address: SocketAddr) -> bool {
    timeout(LIMIT, TcpStream::connect(address)).await.is_ok_and(|stream| stream.is_ok())
}
