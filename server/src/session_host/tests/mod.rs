//! The proxy between a raw client and a tool that the test plays, through a real server and channel.

mod fuzz;
mod http;
mod rows;
mod websocket;

use super::admission::Admission;
use super::client::{self, Client};
use super::forward::forward;
use crate::access::live::Live;
use crate::channel::Channels;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use atelier_api::channel::{POOLED, SOCKET, WAKE};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

/// Everything here happens at once or never; the machine may be busy.
const SOON: Duration = Duration::from_secs(20);

struct Proxy {
    address: SocketAddr,
    interactions: Arc<AtomicUsize>,
    _dir: tempfile::TempDir,
}

#[derive(Clone)]
struct Shared {
    live: Live,
    channels: Channels,
    interactions: Arc<AtomicUsize>,
}

/// A server that forwards everything to one tool. `tool` gets each of its connections, and the number of it.
async fn proxy<F: Future<Output = ()> + 'static>(tool: impl Fn(UnixStream, usize) -> F + 'static) -> Proxy {
    let dir = tempfile::tempdir().unwrap();
    let channels = Channels::new(dir.path().join("run"));
    channels.open("w").await.unwrap();
    let socket = channels.folder("w").join(SOCKET);
    actix_web::rt::spawn(async move {
        for number in 0.. {
            actix_web::rt::spawn(tool(woken(&socket).await, number));
        }
    });
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let interactions = Arc::<AtomicUsize>::default();
    let shared = Shared { live: Live::default(), channels, interactions: interactions.clone() };
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(shared.clone()))
            .app_data(web::Data::new(client::new(shared.channels.clone())))
            .default_service(web::to(handle))
    });
    let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
    actix_web::rt::spawn(server);
    Proxy { address, interactions, _dir: dir }
}

async fn handle(
    request: HttpRequest,
    payload: web::Payload,
    client: web::Data<Client>,
    shared: web::Data<Shared>,
) -> HttpResponse {
    let admission = Arc::new(Admission { live: shared.live.register(|_, _| Ok(true)) });
    let interactions = shared.interactions.clone();
    let interaction = move || {
        interactions.fetch_add(1, Ordering::Relaxed);
    };
    let answer = forward(&client, "w", "http", &request, payload, admission, interaction).await;
    answer.unwrap_or_else(|_| HttpResponse::BadGateway().finish())
}

/// The agent's part: a connection that waited until the server wanted it.
async fn woken(socket: &PathBuf) -> UnixStream {
    let mut stream = UnixStream::connect(socket).await.unwrap();
    stream.write_all(&[POOLED]).await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), WAKE);
    stream
}

impl Proxy {
    /// A browser's connection that has sent this request.
    async fn send(&self, request: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        socket
    }
}

/// Reads to the end of a head.
async fn head(from: &mut (impl AsyncRead + Unpin)) -> String {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        match timeout(SOON, from.read_u8()).await.expect("a head in time") {
            Ok(byte) => read.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(read).unwrap().to_lowercase()
}

/// Everything up to the end of the connection; what was read if it is reset.
async fn rest(from: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut read = Vec::new();
    timeout(SOON, from.read_to_end(&mut read)).await.expect("an end in time").ok();
    read
}

/// Writes `chunk` again and again until the other end takes nothing for a while; how many bytes went.
async fn fill(to: &mut (impl AsyncWrite + Unpin), chunk: &[u8], limit: usize) -> usize {
    let mut written = 0;
    while written < limit {
        let next = &chunk[..chunk.len().min(limit - written)];
        match timeout(Duration::from_secs(1), to.write(next)).await {
            Ok(Ok(bytes)) => written += bytes,
            _ => break,
        }
    }
    written
}
