//! Something on the loopback that answers HTTP, and what a request to it must carry.

use anyhow::ensure;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[derive(Clone, Debug)]
pub struct Target {
    pub name: &'static str,
    pub port: u16,
    /// With the port.
    pub host: String,
    pub cookie: Option<String>,
}

/// Bytes read at once.
const BUFFER: usize = 256 * 1024;

impl Target {
    pub fn plain(name: &'static str, port: u16) -> Target {
        Target { name, port, host: format!("127.0.0.1:{port}"), cookie: None }
    }

    /// # Errors
    /// If nothing listens.
    pub async fn connect(&self) -> anyhow::Result<TcpStream> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Headers that every request needs, as `Name: value`.
    pub fn headers(&self) -> Vec<String> {
        let cookie = self.cookie.as_ref().map(|cookie| format!("Cookie: {cookie}"));
        let own = [format!("Host: {}", self.host), "Sec-Fetch-Site: same-origin".to_owned()];
        own.into_iter().chain(cookie).collect()
    }

    /// Sends a GET on a new connection; gives the answer's status, the number of bytes of its body, and how
    /// long it took.
    ///
    /// # Errors
    /// If the answer is no HTTP or ends early.
    pub async fn get(&self, path: &str) -> anyhow::Result<(u16, usize, Duration)> {
        let mut stream = self.connect().await?;
        let begun = Instant::now();
        let headers = self.headers().join("\r\n");
        let request = format!("GET {path} HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut buffer = Vec::with_capacity(BUFFER);
        let head = loop {
            if let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            ensure!(stream.read_buf(&mut buffer).await? > 0, "{}: {path}: no answer", self.name);
        };
        let status = String::from_utf8_lossy(&buffer[..head]).split(' ').nth(1).and_then(|s| s.parse().ok());
        let mut body = buffer.len() - head;
        loop {
            buffer.clear();
            match stream.read_buf(&mut buffer).await? {
                0 => break,
                count => body += count,
            }
        }
        ensure!(status.is_some(), "{}: {path}: no HTTP", self.name);
        Ok((status.unwrap_or_default(), body, begun.elapsed()))
    }
}
