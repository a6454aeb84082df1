//! After a handshake: bytes both ways, untouched.
//!
//! The two ways are tied. actix ends the browser's side only when the answer's body ends, and tools do not
//! always end theirs, so either end, and the end of the browser's right, ends both.

use super::admission::Admission;
use super::frames::Frames;
use actix_web::body::{BodySize, MessageBody};
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncWriteExt, ReadHalf, WriteHalf};
use tokio_util::io::ReaderStream;
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};

/// Bytes read from a tool at once.
const BUFFER: usize = 64 * 1024;
/// What a tool may still say after the browser has said its last.
const LAST_WORDS: Duration = Duration::from_secs(5);

type Socket = TokioIo<Upgraded>;

/// Completes the handshake and carries bytes until it is over. `interaction` is called when a person does
/// something.
pub(super) fn relay(
    mut response: HttpResponseBuilder,
    socket: Upgraded,
    payload: web::Payload,
    admission: Arc<Admission>,
    interaction: impl Fn() + 'static,
) -> HttpResponse {
    let (from_tool, to_tool) = tokio::io::split(Socket::new(socket));
    let over = CancellationToken::new();
    let browser = over.clone();
    actix_web::rt::spawn(async move {
        browser.run_until_cancelled(to_the_tool(payload, to_tool, interaction)).await;
        browser.cancel();
    });
    let body = FromTool {
        bytes: ReaderStream::with_capacity(from_tool, BUFFER),
        over: Box::pin(over.clone().cancelled_owned()),
        ended: Box::pin(admission.ended()),
        _over: over.drop_guard(),
        _admission: admission,
    };
    response.upgrade("websocket").body(body)
}

async fn to_the_tool(mut payload: web::Payload, mut tool: WriteHalf<Socket>, interaction: impl Fn()) {
    let mut frames = Frames::default();
    while let Some(Ok(bytes)) = payload.next().await {
        if frames.data_begins_in(&bytes) {
            interaction();
        }
        if tool.write_all(&bytes).await.is_err() {
            return;
        }
    }
    if tool.shutdown().await.is_ok() {
        tokio::time::sleep(LAST_WORDS).await;
    }
}

/// What the tool says. Dropped with the browser's connection.
struct FromTool {
    bytes: ReaderStream<ReadHalf<Socket>>,
    over: Pin<Box<WaitForCancellationFutureOwned>>,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
    _over: DropGuard,
    _admission: Arc<Admission>,
}

impl MessageBody for FromTool {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.over.as_mut().poll(context).is_ready() || self.ended.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.bytes).poll_next(context)
    }
}
