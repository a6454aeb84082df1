//! Programs' connections through a real channel, answered by routes of the test's own.

use super::serve::serve;
use crate::access::FromWorkload;
use crate::access::live::Live;
use crate::channel::Channels;
use actix_web::{HttpRequest, HttpResponse, web};
use atelier_api::channel::{API, SOCKET};
use futures::StreamExt;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::task::LocalSet;
use tokio::time::timeout;

/// Everything here happens at once or never; the machine may be busy.
const SOON: Duration = Duration::from_secs(20);
/// Of a large body; more than anybody would keep in memory for it.
const LARGE: usize = 256 << 20;
const PIECE: usize = 1 << 20;

/// Runs `test` beside a server for the workload `w`, whose rights last.
async fn beside_a_server<F: Future<Output = ()>>(test: impl FnOnce(Channels) -> F) {
    let dir = tempfile::tempdir().unwrap();
    let channels = Channels::new(dir.path().join("run"));
    channels.open("w").await.unwrap();
    let programs = channels.programs().unwrap();
    let server = LocalSet::new();
    server.spawn_local(serve(Live::default(), programs, routes));
    server.run_until(test(channels)).await;
}

fn routes(config: &mut web::ServiceConfig) {
    config.default_service(web::to(answer));
}

async fn answer(request: HttpRequest, body: web::Payload) -> HttpResponse {
    match request.path() {
        "/in" => HttpResponse::Ok().body(length(body).await.to_string()),
        "/out" => {
            let pieces = futures::stream::repeat(web::Bytes::from(vec![b'x'; PIECE])).take(LARGE / PIECE);
            HttpResponse::Ok().streaming(pieces.map(Ok::<_, std::convert::Infallible>))
        }
        _ => {
            let who = request.conn_data::<FromWorkload>().map(|FromWorkload(id)| id.clone());
            HttpResponse::Ok().body(who.unwrap_or_default())
        }
    }
}

async fn length(mut body: web::Payload) -> usize {
    let mut bytes = 0;
    while let Some(Ok(part)) = body.next().await {
        bytes += part.len();
    }
    bytes
}

async fn connect(channels: &Channels) -> UnixStream {
    let mut socket = UnixStream::connect(channels.folder("w").join(SOCKET)).await.unwrap();
    socket.write_all(&[API]).await.unwrap();
    socket
}

/// What comes back until the end of the connection.
async fn ask(channels: &Channels, request: &str) -> String {
    let mut socket = connect(channels).await;
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(SOON, socket.read_to_end(&mut answer)).await.unwrap().ok();
    String::from_utf8_lossy(&answer).into_owned()
}

/// What this process holds in memory, bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * rustix::param::page_size()
}

#[tokio::test]
async fn the_socket_is_the_identity_and_no_header_is() {
    beside_a_server(|channels| async move {
        let request = "GET /who HTTP/1.1\r\nHost: other\r\nX-Atelier-Workload: other\r\nForwarded: for=other\r\n\
                       Connection: close\r\n\r\n";
        let answer = ask(&channels, request).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\nw"), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn a_browser_behind_a_proxy_of_the_tool_is_refused() {
    beside_a_server(|channels| async move {
        for header in ["Sec-Fetch-Site: same-origin", "Origin: http://evil.test"] {
            let request = format!("GET /who HTTP/1.1\r\nHost: a\r\n{header}\r\nConnection: close\r\n\r\n");
            assert!(ask(&channels, &request).await.starts_with("HTTP/1.1 403"), "{header}");
        }
    })
    .await;
}

#[tokio::test]
async fn large_bodies_stream_both_ways_in_little_memory() {
    beside_a_server(|channels| async move {
        let before = resident();
        let socket = connect(&channels).await;
        let (mut answer, mut request) = socket.into_split();
        let sending = async {
            let head = format!("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: {LARGE}\r\n\r\n");
            request.write_all(head.as_bytes()).await.unwrap();
            let piece = vec![b'x'; PIECE];
            for _ in 0..LARGE / PIECE {
                request.write_all(&piece).await.unwrap();
            }
            request.write_all(b"GET /out HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        };
        let receiving = async {
            let (mut received, mut first, mut piece) = (0, Vec::new(), vec![0; PIECE]);
            loop {
                match answer.read(&mut piece).await.unwrap() {
                    0 => break,
                    bytes => received += bytes,
                }
                if first.len() < 4096 {
                    first.extend_from_slice(&piece[..64]);
                }
            }
            (received, String::from_utf8_lossy(&first).into_owned())
        };
        let ((), (received, first)) = tokio::join!(sending, receiving);
        assert!(first.starts_with("HTTP/1.1 200"), "{first}");
        assert!(received > LARGE, "{received} bytes came back");
        let grown = resident().saturating_sub(before);
        assert!(grown < 32 << 20, "{grown} bytes of memory for two bodies of {LARGE}");
    })
    .await;
}

#[tokio::test]
async fn heads_without_end_are_cut_off() {
    beside_a_server(|channels| async move {
        let mut socket = connect(&channels).await;
        socket.write_all(b"GET /who HTTP/1.1\r\nX-Long: ").await.unwrap();
        let piece = vec![b'x'; PIECE];
        let mut cut = false;
        for _ in 0..64 {
            cut = cut || timeout(SOON, socket.write_all(&piece)).await.unwrap().is_err();
        }
        assert!(cut, "64 MiB of a head were taken");
        let answer = ask(&channels, "GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert!(answer.ends_with("\r\n\r\nw"), "the next is served: {answer}");
    })
    .await;
}

#[tokio::test]
async fn connections_end_with_the_channel() {
    beside_a_server(|channels| async move {
        let mut waiting = connect(&channels).await;
        waiting.write_all(b"GET /who HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut heard = [0; 64];
        assert!(timeout(SOON, waiting.read(&mut heard)).await.unwrap().unwrap() > 0);
        channels.close("w");
        let mut rest = Vec::new();
        timeout(SOON, waiting.read_to_end(&mut rest)).await.unwrap().ok();
    })
    .await;
}

/// A workload that holds more connections than it may keeps neither its own others nor anybody else waiting.
#[tokio::test]
async fn t21_thousands_of_connections_harm_nobody_else() {
    beside_a_server(|channels| async move {
        channels.open("other").await.unwrap();
        let mut held = Vec::new();
        for _ in 0..2000 {
            let dialled =
                timeout(SOON, UnixStream::connect(channels.folder("w").join(SOCKET))).await.unwrap();
            let Ok(mut socket) = dialled else { continue };
            socket.write_all(&[API]).await.ok();
            held.push(socket);
        }
        let mut other = UnixStream::connect(channels.folder("other").join(SOCKET)).await.unwrap();
        other.write_all(b"AGET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        timeout(Duration::from_secs(5), other.read_to_string(&mut answer)).await.unwrap().unwrap();
        assert!(answer.ends_with("\r\n\r\nother"), "{answer}");
        // Beyond its places the connections are closed at once.
        let is_open = |socket: &&UnixStream| {
            let read = socket.try_read(&mut [0]);
            matches!(read, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
        };
        let few_are_open = async {
            while held.iter().filter(is_open).count() > 64 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(SOON, few_are_open).await.expect("no more than its places stay open");
    })
    .await;
}
