//! The server's API, asked over the workload's own socket.

use crate::control::dial;
use atelier_api::{call::Call, calls, channel::API, problem::Problem};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Response,
    body::Incoming,
    client::conn::http1::{SendRequest, handshake},
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use std::{fmt, io, time::Duration};
use tokio::time::timeout;

/// For an answer to begin, and for each piece of it.
const PATIENCE: Duration = Duration::from_secs(60);
/// For a connection to be free again.
const REUSE: Duration = Duration::from_millis(500);
/// A longer answer in JSON is none.
const LONGEST: usize = 64 << 20;

/// Why something could not be done.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server does not answer, or cannot now: later.
    Away(String),
    /// It says no.
    Refused { status: u16, code: String, detail: String },
    /// Something of this container's own.
    Here(io::Error),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away(cause) => write!(f, "the server does not answer: {cause}"),
            Self::Refused { status, detail, .. } => write!(f, "the server refuses ({status}): {detail}"),
            Self::Here(error) => write!(f, "{error}"),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Here(error)
    }
}

/// One connection, made anew when it is lost.
#[derive(Default)]
pub(crate) struct Client(Option<SendRequest<Full<Bytes>>>);

impl Client {
    pub(crate) async fn call<T: DeserializeOwned>(&mut self, call: Call<T>) -> Result<T, Trouble> {
        let body = call.body.unwrap_or_default();
        let kind = (!body.is_empty()).then_some("application/json");
        let answer = self.send(call.method.as_str(), &call.path, kind, body.into()).await?;
        let text = whole(answer).await?;
        Call::<T>::parse(&String::from_utf8_lossy(&text)).map_err(|error| Trouble::Away(error.to_string()))
    }

    /// Sends bytes that are no JSON; the answer says nothing.
    pub(crate) async fn post(&mut self, path: &str, body: Bytes) -> Result<(), Trouble> {
        let answer = self.send("POST", path, Some("application/octet-stream"), body).await?;
        whole(answer).await.map(drop)
    }

    /// The bytes of an answer, piece by piece.
    pub(crate) async fn read(&mut self, path: &str) -> Result<Pieces, Trouble> {
        Ok(Pieces(self.send("GET", path, None, Bytes::new()).await?.into_body()))
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        kind: Option<&str>,
        body: Bytes,
    ) -> Result<Response<Incoming>, Trouble> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, "atelier");
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        let request = request.body(Full::new(body)).map_err(|error| Trouble::Away(error.to_string()))?;
        let mut sender = match self.0.take() {
            Some(mut sender) => match timeout(REUSE, sender.ready()).await {
                Ok(Ok(())) => sender,
                // It is lost if an answer was not read to its end.
                Ok(Err(_)) | Err(_) => connect().await?,
            },
            None => connect().await?,
        };
        let answer = match timeout(PATIENCE, sender.send_request(request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(Trouble::Away(error.to_string())),
            Err(_) => return Err(Trouble::Away("no answer in time".to_owned())),
        };
        self.0 = Some(sender);
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let text = whole(answer).await?;
        let problem: Option<Problem> = serde_json::from_slice(&text).ok();
        let (code, detail) = problem.map_or_else(Default::default, |problem| (problem.code, problem.detail));
        match status.as_u16() {
            status @ 400..=499 if !matches!(status, 408 | 429) => {
                Err(Trouble::Refused { status, code, detail })
            }
            status => Err(Trouble::Away(format!("{status} {detail}"))),
        }
    }
}

/// Where the project's trees are, once that is known: organization and project.
#[derive(Default)]
pub(crate) struct Place(Option<(String, String)>);

impl Place {
    pub(crate) async fn get(&mut self, client: &mut Client) -> Result<(String, String), Trouble> {
        if let Some(place) = &self.0 {
            return Ok(place.clone());
        }
        let workload = client.call(calls::workload_get()).await?;
        Ok(self.0.insert((workload.organization, workload.project)).clone())
    }
}

/// The body of an answer on its way.
pub(crate) struct Pieces(Incoming);

impl Pieces {
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Trouble> {
        loop {
            let frame = timeout(PATIENCE, self.0.frame()).await;
            match frame.map_err(|_| Trouble::Away("the answer stopped".to_owned()))? {
                None => return Ok(None),
                Some(Err(error)) => return Err(Trouble::Away(error.to_string())),
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        return Ok(Some(piece));
                    }
                }
            }
        }
    }
}

async fn connect() -> Result<SendRequest<Full<Bytes>>, Trouble> {
    let away = |error: &dyn fmt::Display| Trouble::Away(error.to_string());
    let stream =
        timeout(PATIENCE, dial(API)).await.map_err(|error| away(&error))?.map_err(|error| away(&error))?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|error| away(&error))?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn whole(answer: Response<Incoming>) -> Result<Bytes, Trouble> {
    let read = timeout(PATIENCE, Limited::new(answer.into_body(), LONGEST).collect()).await;
    match read {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) => Err(Trouble::Away(error.to_string())),
        Err(_) => Err(Trouble::Away("the answer stopped".to_owned())),
    }
}
