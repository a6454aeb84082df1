//! One GET request to the tool. HTTP/1.0, so the answer is neither chunked nor kept open.

use std::{io, net::Ipv4Addr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longer answers are an error.
const LONGEST: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Asks the tool on its port.
pub(crate) async fn get(port: u16, path: &str) -> io::Result<Answer> {
    timeout(PATIENCE, exchange(port, path)).await?
}

async fn exchange(port: u16, path: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST + 1).read_to_end(&mut answer).await?;
    if answer.len() as u64 > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    parse(&answer).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn parse(answer: &[u8]) -> Option<Answer> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head = str::from_utf8(&answer[..end]).ok()?;
    let mut words = head.lines().next()?.split(' ');
    let status = words.next().filter(|word| word.starts_with("HTTP/1."))?;
    let status = (!status.is_empty()).then(|| words.next())??.parse().ok()?;
    Some(Answer { status, body: answer[end + 4..].to_vec() })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_status_and_body() {
        let answer = parse(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n[]\r\n\r\n").unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (200, b"[]\r\n\r\n".as_slice()));
        assert_eq!(parse(b"HTTP/1.0 302\r\n\r\n").map(|answer| answer.status), Some(302));
    }

    #[test]
    fn what_is_no_http_is_refused() {
        for answer in [&b"HTTP/1.1 200 OK\r\n"[..], b"SSH-2.0\r\n\r\n", b"HTTP/1.1 ok\r\n\r\n", b""] {
            assert!(parse(answer).is_none());
        }
    }
}
