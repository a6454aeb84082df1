use super::{Proxy, SOON, head, proxy, rest};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

const UPGRADE: &str = "GET /ws HTTP/1.1\r\nHost: s\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
     Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// The tool's side of a handshake.
async fn accepts(socket: &mut UnixStream) {
    let head = head(socket).await;
    assert!(head.contains("connection: upgrade") && head.contains("upgrade: websocket"), "{head}");
    let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: v1\r\n\r\n";
    socket.write_all(answer.as_bytes()).await.unwrap();
}

async fn echoes(mut socket: UnixStream) {
    accepts(&mut socket).await;
    let (mut read, mut write) = socket.split();
    tokio::io::copy(&mut read, &mut write).await.ok();
}

/// The browser's side.
async fn opened(proxy: &Proxy) -> TcpStream {
    let mut browser = proxy.send(UPGRADE).await;
    let head = head(&mut browser).await;
    for line in [
        "http/1.1 101",
        "connection: upgrade",
        "upgrade: websocket",
        "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=",
        "sec-websocket-protocol: v1",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
    assert!(!head.contains("content-length") && !head.contains("transfer-encoding"), "{head}");
    browser
}

#[actix_web::test]
async fn bytes_pass_untouched_both_ways() {
    let proxy = proxy(|socket, _| echoes(socket)).await;
    let browser = opened(&proxy).await;
    let sent: Vec<u8> = (0..4_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let (mut read, mut write) = browser.into_split();
    let bytes = sent.clone();
    let writing = actix_web::rt::spawn(async move {
        write.write_all(&bytes).await.unwrap();
        write
    });
    let mut echo = vec![0; sent.len()];
    timeout(SOON, read.read_exact(&mut echo)).await.unwrap().unwrap();
    assert!(echo == sent);
    writing.await.unwrap();
}

#[actix_web::test]
async fn what_was_said_before_the_end_arrives() {
    let proxy = proxy(|socket, _| echoes(socket)).await;
    let mut browser = opened(&proxy).await;
    let sent = vec![7; 300_000];
    browser.write_all(&sent).await.unwrap();
    browser.shutdown().await.unwrap();
    assert!(rest(&mut browser).await == sent);
}

#[actix_web::test]
async fn the_tools_end_ends_the_browsers() {
    let proxy = proxy(|mut socket, _| async move {
        accepts(&mut socket).await;
        socket.write_all(b"bye").await.unwrap();
    })
    .await;
    assert_eq!(rest(&mut opened(&proxy).await).await, b"bye");
}

#[actix_web::test]
async fn the_browsers_end_ends_the_tools_even_if_it_does_not_listen() {
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let proxy = proxy(move |mut socket, _| {
        let told = told.clone();
        async move {
            accepts(&mut socket).await;
            // It takes no notice of the end, and writes until it cannot.
            while socket.write_all(&[0; 1024]).await.is_ok() {}
            told.send(()).unwrap();
        }
    })
    .await;
    for polite in [true, false] {
        let mut browser = opened(&proxy).await;
        if polite {
            browser.shutdown().await.unwrap();
            rest(&mut browser).await;
        }
        drop(browser);
        timeout(SOON, heard.recv()).await.unwrap().unwrap();
    }
}

#[actix_web::test]
async fn a_tool_that_ignores_the_end_is_left() {
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let proxy = proxy(move |mut socket, _| {
        let told = told.clone();
        async move {
            accepts(&mut socket).await;
            rest(&mut socket).await;
            // Its own half stays open until the proxy goes away.
            while socket.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            told.send(Instant::now()).unwrap();
        }
    })
    .await;
    let mut browser = opened(&proxy).await;
    let said = Instant::now();
    browser.shutdown().await.unwrap();
    let left = timeout(SOON, heard.recv()).await.unwrap().unwrap();
    assert!(left - said >= Duration::from_secs(4), "it had no time for its last words");
}

#[actix_web::test]
async fn a_refused_handshake_is_an_ordinary_answer() {
    let proxy = proxy(|mut socket, _| async move {
        head(&mut socket).await;
        socket.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno").await.unwrap();
    })
    .await;
    let mut browser = proxy.send(UPGRADE).await;
    assert!(head(&mut browser).await.starts_with("http/1.1 403"));
    let mut body = [0; 2];
    timeout(SOON, browser.read_exact(&mut body)).await.unwrap().unwrap();
    assert_eq!(&body, b"no");
}

#[actix_web::test]
async fn a_handshake_with_a_body_never_reaches_the_tool() {
    let (told, mut reached) = tokio::sync::mpsc::unbounded_channel();
    let proxy = proxy(move |_, number| {
        told.send(number).unwrap();
        async {}
    })
    .await;
    for (framing, body) in
        [("Content-Length: 5", "hello"), ("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")]
    {
        let handshake = UPGRADE.replace("\r\n\r\n", &format!("\r\n{framing}\r\n\r\n{body}"));
        let answer = rest(&mut proxy.send(&handshake).await).await;
        assert!(answer.starts_with(b"HTTP/1.1 400"), "{framing}");
        assert!(reached.try_recv().is_err(), "{framing}");
    }
}

#[actix_web::test]
async fn a_persons_frames_count_and_a_browsers_pongs_do_not() {
    let proxy = proxy(|socket, _| echoes(socket)).await;
    let mut browser = opened(&proxy).await;
    let mut exchange = async |frame: &[u8]| {
        browser.write_all(frame).await.unwrap();
        timeout(SOON, browser.read_exact(&mut vec![0; frame.len()])).await.unwrap().unwrap();
        proxy.interactions.load(Ordering::Relaxed)
    };
    let (pong, text) = ([0x8a, 0x80, 1, 2, 3, 4], [0x81, 0x81, 1, 2, 3, 4, b'x']);
    assert_eq!(exchange(&pong).await, 0);
    assert_eq!(exchange(&text).await, 1);
    assert_eq!(exchange(&pong).await, 1);
}
