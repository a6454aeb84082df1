//! The body of a request, for whoever works on other threads.

use crate::app::App;
use crate::error::{Error, Result};
use actix_web::error::PayloadError;
use actix_web::web;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use tokio::sync::mpsc;

/// Pieces on their way. With so few, a slow store slows the sender down.
const WAITING: usize = 4;

/// Ends with an error if the sender breaks off, so that a part is never taken for the whole.
pub(super) fn body(
    app: &web::Data<App>,
    payload: web::Payload,
) -> impl Stream<Item = Result<Bytes>> + Send + use<> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let mut pieces = counted(app.clone(), payload).boxed_local();
    // actix's payloads cannot leave their thread; the channel can.
    actix_web::rt::spawn(async move {
        while let Some(piece) = pieces.next().await {
            if sender.send(piece).await.is_err() {
                return;
            }
        }
    });
    stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))
}

/// Its pieces on this thread, counted as what came in.
pub(super) fn counted(app: web::Data<App>, payload: web::Payload) -> impl Stream<Item = Result<Bytes>> {
    payload.map(move |piece| {
        let piece = piece.map_err(broken_off)?;
        app.metrics.data.received.inc_by(piece.len() as u64);
        Ok(piece)
    })
}

fn broken_off(error: PayloadError) -> Error {
    match error {
        PayloadError::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            let detail = "The body did not go on. Nothing was changed; send it again.";
            Error::status(actix_web::http::StatusCode::REQUEST_TIMEOUT, "too-slow", detail)
        }
        _ => Error::bad_request("cut-off", "The body ended too early. Nothing was changed; send it again."),
    }
}
