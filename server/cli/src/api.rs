//! Calls to the API: who asks, and what is done when the network breaks.

use crate::error::Error;
use crate::http::{self, Http};
use crate::retry::Retry;
use crate::servers::{Servers, address};
use atelier_api::call::{Call, Method};
use atelier_api::problem::Problem;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, RANGE, RETRY_AFTER, USER_AGENT};
use hyper::{Response, StatusCode};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A server that has never answered is not waited for any longer.
const TRIES_AT_FIRST: u32 = 2;

/// A server and the person who asks it.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    http: Http,
    server: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    reached: Arc<AtomicBool>,
}

/// One request in full.
struct Sent<'a> {
    method: Method,
    path: &'a str,
    content: Option<(&'static str, Bytes)>,
    from: u64,
    /// Whether doing it twice is the same as once.
    again: bool,
}

impl Api {
    pub(crate) fn new(server: &str, token: Option<String>) -> Result<Api, Error> {
        let mut headers =
            vec![(USER_AGENT, HeaderValue::from_static(concat!("atelier/", env!("CARGO_PKG_VERSION"))))];
        if let Some(token) = token {
            let mut value = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_| Error::Usage("the access token has characters that none has".to_owned()))?;
            value.set_sensitive(true);
            headers.push((AUTHORIZATION, value));
        }
        Ok(Api { http: Http::new(server)?, server: server.to_owned(), headers, reached: Arc::default() })
    }

    /// The server that is asked for, or the last that was signed in to, with what is kept for it.
    pub(crate) fn of(server: Option<&str>) -> Result<Api, Error> {
        let servers = Servers::load()?;
        let server = match server {
            Some(server) => address(server)?,
            None => servers.default.clone().ok_or_else(|| {
                Error::Usage("which server? Run `atelier login URL`, or say --server URL".to_owned())
            })?,
        };
        let set = std::env::var("ATELIER_TOKEN").ok().filter(|token| !token.is_empty());
        let token = set.or_else(|| servers.servers.get(&server).map(|kept| kept.token.clone()));
        Api::new(&server, Some(token.ok_or_else(|| Error::NoToken(server.clone()))?))
    }

    /// The server's address.
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// Does a call. One that makes something is not sent twice; see [`Api::call_again`] for those that may.
    pub(crate) async fn call<T: DeserializeOwned>(&self, call: Call<T>) -> Result<T, Error> {
        let again = call.method != Method::Post;
        self.json(call, again).await
    }

    /// Does a call that comes to the same if it is done twice.
    pub(crate) async fn call_again<T: DeserializeOwned>(&self, call: Call<T>) -> Result<T, Error> {
        self.json(call, true).await
    }

    async fn json<T: DeserializeOwned>(&self, call: Call<T>, again: bool) -> Result<T, Error> {
        let content = call.body.map(|body| ("application/json", Bytes::from(body)));
        let sent = Sent { method: call.method, path: &call.path, content, from: 0, again };
        let mut retry = Retry::default();
        loop {
            let answer = self.send(&sent, &mut retry).await?;
            match http::whole(answer.into_body()).await {
                Ok(body) => {
                    return Call::<T>::parse(&String::from_utf8_lossy(&body)).map_err(|error| {
                        let server = &self.server;
                        Error::Damaged(format!("the answer of {server} is not understood: {error}. Is this program as new as the server?"))
                    });
                }
                Err(cause) if !again || !retry.wait(None).await => return Err(self.unreachable(cause)),
                Err(_) => {}
            }
        }
    }

    /// Sends bytes that may be sent twice.
    pub(crate) async fn post_bytes(&self, path: &str, bytes: Bytes) -> Result<(), Error> {
        let content = Some(("application/octet-stream", bytes));
        let sent = Sent { method: Method::Post, path, content, from: 0, again: true };
        self.send(&sent, &mut Retry::default()).await.map(drop)
    }

    /// Begins to read a file at a byte.
    pub(crate) async fn content(&self, path: &str, from: u64, retry: &mut Retry) -> Result<Incoming, Error> {
        let answer =
            self.send(&Sent { method: Method::Get, path, content: None, from, again: true }, retry).await?;
        if from > 0 && answer.status() != StatusCode::PARTIAL_CONTENT {
            return Err(Error::Damaged(format!(
                "{} sends whole files only: something on the way drops `Range`",
                self.server
            )));
        }
        Ok(answer.into_body())
    }

    /// The beginning of a good answer.
    async fn send(&self, sent: &Sent<'_>, retry: &mut Retry) -> Result<Response<Incoming>, Error> {
        let mut headers = self.headers.clone();
        if let Some((kind, _)) = &sent.content {
            headers.push((CONTENT_TYPE, HeaderValue::from_static(kind)));
        }
        if sent.from > 0 {
            headers.push((
                RANGE,
                HeaderValue::try_from(format!("bytes={}-", sent.from))
                    .unwrap_or_else(|_| HeaderValue::from_static("bytes=0-")),
            ));
        }
        loop {
            let body = sent.content.as_ref().map(|(_, bytes)| bytes.clone()).unwrap_or_default();
            let (failure, unsent, wanted) =
                match self.http.send(sent.method.as_str(), sent.path, &headers, body).await {
                    Ok(answer) if answer.status().is_success() => {
                        self.reached.store(true, Ordering::Relaxed);
                        return Ok(answer);
                    }
                    Ok(answer) => {
                        self.reached.store(true, Ordering::Relaxed);
                        let status = answer.status().as_u16();
                        let wanted = answer.headers().get(RETRY_AFTER).and_then(seconds);
                        let problem = problem(status, http::whole(answer.into_body()).await);
                        if ![408, 429, 502, 503, 504].contains(&status) {
                            return Err(Error::Refused(Box::new(problem)));
                        }
                        (Error::Refused(Box::new(problem)), status == 429, wanted)
                    }
                    Err(none) => (self.unreachable(none.cause), none.unsent, None),
                };
            let hopeless = !self.reached.load(Ordering::Relaxed) && retry.count() >= TRIES_AT_FIRST;
            if !(sent.again || unsent) || hopeless || !retry.wait(wanted).await {
                return Err(failure);
            }
        }
    }

    /// For what breaks off on the way.
    pub(crate) fn unreachable(&self, cause: String) -> Error {
        Error::Unreachable { server: self.server.clone(), cause }
    }
}

fn seconds(value: &HeaderValue) -> Option<Duration> {
    value.to_str().ok()?.parse().ok().map(Duration::from_secs)
}

/// What the server says is wrong, or something on the way to it that does not speak its language.
fn problem(status: u16, body: Result<Bytes, String>) -> Problem {
    let parsed = body.ok().and_then(|body| serde_json::from_slice(&body).ok());
    parsed.unwrap_or_else(|| Problem {
        status,
        code: "unknown".to_owned(),
        title: String::new(),
        detail: format!(
            "The answer was {status}, without a reason. Is this the address of an Atelier server?"
        ),
        fields: Vec::new(),
        missing: None,
        changed: None,
    })
}
