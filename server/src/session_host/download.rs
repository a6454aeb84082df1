//! The body of an answer, as it comes from the tool.

use super::admission::Admission;
use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use hyper::body::{Body, Incoming};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio_util::sync::WaitForCancellationFutureOwned;

/// A stream of bytes that breaks off when the browser's right ends.
pub(super) struct Download {
    body: Incoming,
    size: BodySize,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
    _admission: Arc<Admission>,
}

impl Download {
    /// `length` is what the tool announced, which for `HEAD` is not what it sends.
    pub(super) fn new(body: Incoming, length: Option<u64>, admission: Arc<Admission>) -> Download {
        let size = match length {
            Some(length) => BodySize::Sized(length),
            None if body.is_end_stream() => BodySize::None,
            None => BodySize::Stream,
        };
        Download { body, size, ended: Box::pin(admission.ended()), _admission: admission }
    }
}

impl MessageBody for Download {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.ended.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())));
        }
        loop {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => {
                    // Trailers stay behind.
                    if let Ok(bytes) = frame.into_data() {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(io::Error::other(error)))),
                None => return Poll::Ready(None),
            }
        }
    }
}
