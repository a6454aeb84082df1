//! The body of a request, as it comes from the browser.

use actix_web::web;
use bytes::Bytes;
use futures::StreamExt;
use hyper::body::{Body, Frame};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// Pieces on their way. With so few, a slow tool slows the browser down.
const WAITING: usize = 2;

/// A stream of bytes that ends with an error if the browser breaks off, so that the tool never takes a part
/// for the whole.
pub(super) struct Upload(Option<mpsc::Receiver<io::Result<Bytes>>>);

impl Upload {
    pub(super) fn nothing() -> Upload {
        Upload(None)
    }

    /// actix's payloads cannot leave their thread; the channel can.
    pub(super) fn of(mut payload: web::Payload) -> Upload {
        let (sender, receiver) = mpsc::channel(WAITING);
        actix_web::rt::spawn(async move {
            while let Some(part) = payload.next().await {
                // A tool that has answered may want no more.
                if sender.send(part.map_err(io::Error::other)).await.is_err() {
                    return;
                }
            }
        });
        Upload(Some(receiver))
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_none()
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut self.0 {
            Some(receiver) => receiver.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data))),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_nothing()
    }
}
