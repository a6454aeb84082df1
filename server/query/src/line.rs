use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http2::SendRequest;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::future::Future;
use tokio::net::UnixStream;

/// Answers at a time.
const AT_ONCE: u32 = 1024;
/// Bytes of one answer that may be on their way.
const OF_ONE: u32 = 1 << 20;
/// And of all: an answer that nobody reads takes nothing from the others.
const OF_ALL: u32 = AT_ONCE * OF_ONE;
/// The largest piece that is sent at once.
const FRAME: u32 = 256 << 10;

/// The end that asks. What comes back second moves the bytes, and ends with the connection.
///
/// # Errors
/// If the other end is gone.
pub async fn client(
    socket: UnixStream,
) -> hyper::Result<(SendRequest<Full<Bytes>>, impl Future<Output = hyper::Result<()>> + Send)> {
    hyper::client::conn::http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(OF_ONE)
        .initial_connection_window_size(OF_ALL)
        .max_frame_size(FRAME)
        .handshake(TokioIo::new(socket))
        .await
}

/// The end that answers, until the other is gone. An answer that nobody waits for any more is dropped.
///
/// # Errors
/// If the connection breaks off.
pub async fn serve<B, A, F>(socket: UnixStream, answer: A) -> hyper::Result<()>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    A: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response<B>> + Send + 'static,
{
    let service = service_fn(|request| {
        let answer = answer(request);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(OF_ONE)
        .initial_connection_window_size(OF_ALL)
        .max_frame_size(FRAME)
        .max_concurrent_streams(AT_ONCE)
        .serve_connection(TokioIo::new(socket), service)
        .await
}
