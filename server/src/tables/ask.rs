//! A question and its answer.

use super::Tables;
use super::feed::{Lent, Readable};
use super::worker::Worker;
use crate::app::App;
use crate::error::{Error, Result};
use actix_web::http::StatusCode;
use actix_web::web;
use atelier_query::{Ask, Problem};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use hyper::{Request, Response};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// An answer that is more is no page of rows.
const LARGEST: usize = 64 << 20;
/// What takes longer is for a job, not for somebody who waits.
const LONGEST: Duration = Duration::from_secs(300);

/// Who asks.
pub(super) struct Asker<'a> {
    pub(super) organization_id: &'a str,
    pub(super) user_id: &'a str,
}

/// What is held while an answer is read: nobody else has the turn, and the files are there.
pub(super) struct Held {
    _worker: Arc<Worker>,
    _lent: Lent,
    _turn: Option<tokio::sync::OwnedSemaphorePermit>,
    /// Of those that have a worker of their own.
    _alone: Option<tokio::sync::OwnedSemaphorePermit>,
}

/// Why a worker has not answered.
enum Failure {
    /// It ended, perhaps by a question of somebody else.
    Ended,
    /// It has said why.
    Refused(Error),
}

impl Tables {
    /// An answer that is read as a whole.
    ///
    /// # Errors
    /// What is wrong with the question or its files; 422 if it takes too much memory or time.
    pub(super) async fn answer<T: DeserializeOwned>(
        &self,
        app: &web::Data<App>,
        asker: &Asker<'_>,
        ask: &Ask,
        files: &[Readable],
    ) -> Result<T> {
        let all = async {
            let _turn = self.turn(asker.user_id).await;
            let worker = self.worker(app, asker.organization_id).await?;
            let whole = match whole(worker, ask, files).await {
                // Whoever has ended it ends only what is theirs the second time.
                Err(Failure::Ended) => {
                    let _alone = self.alone().await;
                    whole(self.worker_of_its_own(app).await?, ask, files).await
                }
                whole => whole,
            };
            let bytes = whole.map_err(told)?;
            serde_json::from_slice(&bytes).map_err(Error::internal)
        };
        tokio::time::timeout(LONGEST, all).await.unwrap_or_else(|_| Err(too_long()))
    }

    /// An answer that goes on as it is computed.
    ///
    /// # Errors
    /// As of [`answer`](Self::answer), for what is known before the first of it.
    pub(super) async fn stream(
        &self,
        app: &web::Data<App>,
        asker: &Asker<'_>,
        ask: &Ask,
        files: &[Readable],
    ) -> Result<impl Stream<Item = Result<Bytes>> + use<>> {
        let all = async {
            let turn = self.turn(asker.user_id).await;
            let worker = self.worker(app, asker.organization_id).await?;
            let (response, held) = match begin(worker, ask, files).await {
                Err(Failure::Ended) => {
                    let alone = self.alone().await;
                    let begun = begin(self.worker_of_its_own(app).await?, ask, files).await;
                    begun.map(|(response, held)| (response, Held { _alone: alone, ..held }))
                }
                begun => begun,
            }
            .map_err(told)?;
            Ok((response.into_body(), Held { _turn: turn, ..held }))
        };
        let (body, held) = tokio::time::timeout(LONGEST, all).await.unwrap_or_else(|_| Err(too_long()))?;
        let until = Instant::now() + LONGEST;
        Ok(stream::try_unfold((body.into_data_stream(), held), move |(mut body, held)| async move {
            match timeout_at(until, body.next()).await {
                Err(_) => Err(too_long()),
                Ok(None) => Ok(None),
                Ok(Some(piece)) => Ok(Some((piece.map_err(Error::internal)?, (body, held)))),
            }
        }))
    }
}

/// Until a worker has answered something that needs no file; its end is heard elsewhere.
pub(super) async fn ping(mut asks: SendRequest<Full<Bytes>>) {
    let ask = serde_json::to_vec(&Ask::Names { sql: "SELECT 1".to_owned() }).unwrap_or_default();
    if let Ok(request) = Request::post("http://worker/").body(Full::from(ask)) {
        asks.send_request(request).await.ok();
    }
}

async fn whole(worker: Arc<Worker>, ask: &Ask, files: &[Readable]) -> Result<Bytes, Failure> {
    let (response, _held) = begin(worker, ask, files).await?;
    match Limited::new(response.into_body(), LARGEST).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::Refused(too_large())),
        Err(_) => Err(Failure::Ended),
    }
}

async fn begin(
    worker: Arc<Worker>,
    ask: &Ask,
    files: &[Readable],
) -> Result<(Response<Incoming>, Held), Failure> {
    let fault = |error| Failure::Refused(Error::internal(anyhow::Error::from(error)));
    let lent = worker.shelf.lend(files);
    let body = serde_json::to_vec(ask).map_err(|error| Failure::Refused(Error::internal(error)))?;
    let request = Request::post("http://worker/").body(Full::from(body)).map_err(fault)?;
    let mut asks = worker.asks.clone();
    let response = asks.send_request(request).await.map_err(|_| Failure::Ended)?;
    let held = Held { _worker: worker, _lent: lent, _turn: None, _alone: None };
    if response.status().is_success() {
        return Ok((response, held));
    }
    let body = response.into_body().collect().await.map_err(|_| Failure::Ended)?.to_bytes();
    let problem = serde_json::from_slice(&body).map_err(|error| Failure::Refused(Error::internal(error)))?;
    Err(Failure::Refused(refused(problem)))
}

fn refused(Problem { code, detail }: Problem) -> Error {
    match code.as_str() {
        "worker-fault" => Error::internal(anyhow::anyhow!("the worker for tables: {detail}")),
        code => Error::status(StatusCode::UNPROCESSABLE_ENTITY, code, detail),
    }
}

fn told(failure: Failure) -> Error {
    match failure {
        Failure::Refused(error) => error,
        Failure::Ended => too_large(),
    }
}

fn too_large() -> Error {
    let detail = "This took more memory than there is for it and was ended. Ask for fewer rows or columns, or \
                  group them.";
    Error::status(StatusCode::UNPROCESSABLE_ENTITY, "query-too-large", detail)
}

fn too_long() -> Error {
    let detail = format!(
        "This was ended after {} minutes. Ask for fewer rows, or work on the data in a session.",
        LONGEST.as_secs() / 60
    );
    Error::status(StatusCode::UNPROCESSABLE_ENTITY, "query-too-long", detail)
}
