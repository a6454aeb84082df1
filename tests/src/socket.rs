//! A WebSocket as far as a proxy is concerned: a request to upgrade, then bytes.

use crate::Client;
use anyhow::Context;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Whatever takes longer is a fault.
const LIMIT: Duration = Duration::from_secs(10);

/// An upgraded connection.
pub struct Socket(TcpStream);

impl Socket {
    /// Asks for an upgrade with the client's cookie and these headers beside; gives the answer's status and
    /// the connection.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn open(
        client: &Client,
        path: &str,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<(u16, Socket)> {
        let mut request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            client.host()
        );
        if let Some(cookie) = client.cookie() {
            request.push_str(&format!("Cookie: {cookie}\r\n"));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        let mut socket = Socket(TcpStream::connect(client.server()).await?);
        socket.send(request.as_bytes()).await?;
        let head = socket.read_until(b"\r\n\r\n").await?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Ok((status.with_context(|| format!("no HTTP: {head}"))?, socket))
    }

    /// # Errors
    /// If the connection has ended.
    pub async fn send(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(timeout(LIMIT, self.0.write_all(bytes)).await??)
    }

    /// Reads until `end` has come, and no further.
    ///
    /// # Errors
    /// If the connection ends before.
    pub async fn read_until(&mut self, end: &[u8]) -> anyhow::Result<String> {
        let mut read = Vec::new();
        while !read.ends_with(end) {
            let byte = timeout(LIMIT, self.0.read_u8()).await?;
            read.push(byte.with_context(|| format!("ended after: {}", String::from_utf8_lossy(&read)))?);
        }
        Ok(String::from_utf8_lossy(&read).into_owned())
    }

    /// Whether the other end closes the connection within `limit`.
    pub async fn ends_within(&mut self, limit: Duration) -> bool {
        let mut bytes = [0; 1024];
        let end = async { while matches!(self.0.read(&mut bytes).await, Ok(1..)) {} };
        timeout(limit, end).await.is_ok()
    }
}
