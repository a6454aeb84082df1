//! What all proxies are measured before: a server that costs next to nothing.
//!
//! `GET /small` answers a line, `GET /bytes/N` N bytes, and a WebSocket gets every message back. It listens on
//! the loopback, on the port that its argument names.

use anyhow::Context;
use futures::{SinkExt, StreamExt};
use std::net::Ipv4Addr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

const SMALL: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, bench\n";
/// A longer head is not the bench's.
const HEAD: usize = 16 * 1024;
/// Bytes of a download that are written at once.
const PIECE: usize = 256 * 1024;

/// One thread: two cores are shared with the proxy and the load.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let port = std::env::args().nth(1).context("give the port to listen on")?.parse()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(async move {
            // The other end may break off at any time.
            let _ = serve(stream).await;
        });
    }
}

async fn serve(mut stream: TcpStream) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::with_capacity(HEAD);
    loop {
        let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
            if read.len() >= HEAD || stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
            continue;
        };
        let head = String::from_utf8(read.drain(..end + 4).collect())?;
        let path = head.split(' ').nth(1).unwrap_or_default();
        if let Some(key) = header(&head, "sec-websocket-key") {
            return echo(stream, key).await;
        }
        match path.strip_prefix("/bytes/") {
            Some(count) => bytes(&mut stream, count.parse()?).await?,
            None => stream.write_all(SMALL.as_bytes()).await?,
        }
        if header(&head, "connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            return Ok(());
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

async fn bytes(stream: &mut TcpStream, count: usize) -> anyhow::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {count}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let piece = vec![b'x'; PIECE];
    let mut left = count;
    while left > 0 {
        let now = left.min(PIECE);
        stream.write_all(&piece[..now]).await?;
        left -= now;
    }
    Ok(())
}

async fn echo(mut stream: TcpStream, key: &str) -> anyhow::Result<()> {
    let accept = derive_accept_key(key.as_bytes());
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
    while let Some(message) = socket.next().await {
        let message = message?;
        if message.is_text() || message.is_binary() {
            socket.send(message).await?;
        }
    }
    Ok(())
}
