//! Requests that two readers may cut at different places.

use crate::Client;
use anyhow::Context;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Whoever is not closed by then keeps the connection.
const LIMIT: Duration = Duration::from_secs(20);

/// Where the second request would go, if there were one.
pub const SMUGGLED: &str = "/smuggled";

/// Headers that must be refused with all that follows. `|` stands for the end of a line.
pub const HEADS: &[&str] = &[
    // Two lengths.
    "Content-Length: 4|Transfer-Encoding: chunked||0||",
    "Transfer-Encoding: chunked|Content-Length: 4||0||",
    "Content-Length: 0|Transfer-Encoding: chunked||0||",
    "Content-Length: 4|Content-Length: 5||abcd",
    "Content-Length: 4|Content-Length: 4||abcd",
    "Content-Length: 4, 4||abcd",
    "Content-Length: 4, 5||abcd",
    // Lengths that are none.
    "Content-Length: +4||abcd",
    "Content-Length: -4||abcd",
    "Content-Length: 0x4||abcd",
    "Content-Length: 4 4||abcd",
    "Content-Length: 4.0||abcd",
    "Content-Length: ||abcd",
    "Content-Length: 18446744073709551620||abcd",
    // Encodings that one reader knows and the other does not.
    "Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
    "Transfer-Encoding: chunked|Transfer-Encoding: identity||0||",
    "Transfer-Encoding: identity, chunked||0||",
    "Transfer-Encoding: chunked, identity||0||",
    "Transfer-Encoding: gzip, chunked||0||",
    "Transfer-Encoding: xchunked||0||",
    "Transfer-Encoding: \"chunked\"||0||",
    "Transfer-Encoding: chunked;x=y||0||",
    "Transfer-Encoding: identity||0||",
    "Transfer-Encoding: ||0||",
    "Transfer-Encoding : chunked||0||",
    "Transfer-Encoding\t: chunked||0||",
    " Transfer-Encoding: chunked||0||",
    // Folded lines.
    "Transfer-Encoding:| chunked||0||",
    "Transfer-Encoding: identity|\tchunked||0||",
    "X-Folded: one| two||",
    // Characters that end a line for some.
    "X-Line: one\nContent-Length: 4||abcd",
    "X-Line: one\nTransfer-Encoding: chunked||0||",
    "X-Line: one\n|",
    "X-Line: one|\n",
    "X-Line: one\rContent-Length: 4||abcd",
    "X-Line: one\0Content-Length: 4||abcd",
    "Content-Length\0: 4||abcd",
    "Content Length: 4||abcd",
    ": nameless||",
    "nothing||",
    // Two hosts.
    "Host: atelier.example.org||",
];

/// Bodies behind `Transfer-Encoding: chunked` that have no sure end.
pub const BODIES: &[&str] = &[
    "0x0||",
    "-1||",
    " 0||",
    "g||",
    "10000000000000000||",
    "4;x\n0|abcd|0||",
    "4\nabcd|0||",
    "4|abcdX0||",
    "4|abcde|0||",
    "4|abcd\n0||",
    "0|\r\r|",
];

/// What came back on a connection until it was closed.
#[derive(Debug)]
pub struct Replies(pub Vec<u8>);

impl Replies {
    pub fn count(&self) -> usize {
        self.0.windows(9).filter(|part| *part == b"HTTP/1.1 " || *part == b"HTTP/1.0 ").count()
    }

    /// Of the first answer.
    pub fn status(&self) -> Option<u16> {
        String::from_utf8_lossy(&self.0).split(' ').nth(1)?.parse().ok()
    }
}

/// A `POST` of the client's, with these lines and whatever stands behind their end, and a second request
/// after it.
///
/// # Errors
/// If the connection is not closed.
pub async fn send(client: &Client, path: &str, version: &str, lines: &str) -> anyhow::Result<Replies> {
    let cookie = client.cookie().map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    let host = client.host();
    let request = format!(
        "POST {path} HTTP/{version}\r\nHost: {host}\r\n{cookie}Sec-Fetch-Site: same-origin\r\n\
         Content-Type: application/json\r\n{}GET {SMUGGLED} HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n",
        lines.replace('|', "\r\n")
    );
    let mut stream = TcpStream::connect(client.server()).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut read = Vec::new();
    let ended = timeout(LIMIT, stream.read_to_end(&mut read)).await;
    // Reset is an end as well.
    ended.map(drop).with_context(|| format!("not closed after {}", String::from_utf8_lossy(&read)))?;
    Ok(Replies(read))
}
