//! The HTTP client of remote object stores: hyper, rustls with ring, the certificates that this machine trusts.

use async_trait::async_trait;
use http_body_util::{BodyExt, StreamBody};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector as Connect, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(5);
/// Until an answer begins, the whole request being sent before.
const ANSWER: Duration = Duration::from_secs(60);
/// Until more of an answer comes …
const MORE: Duration = Duration::from_secs(15);
/// … and bytes in a second, below which it is given up all the same: others may wait for what it brings.
const SLOWEST: u64 = 16 << 10;
/// Connections that did nothing for so long are not used again.
const IDLE: Duration = Duration::from_secs(20);

/// Makes the client.
#[derive(Debug)]
pub(super) struct Connector;

impl Connect for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let failed =
            |source: std::io::Error| object_store::Error::Generic { store: "TLS", source: source.into() };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT));
        let tls = HttpsConnectorBuilder::new();
        let tls =
            tls.with_provider_and_native_roots(rustls::crypto::ring::default_provider()).map_err(failed)?;
        let https = tls.https_or_http().enable_http1().wrap_connector(tcp);
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE);
        Ok(HttpClient::new(Service(client.build(https))))
    }
}

#[derive(Debug)]
struct Service(Client<HttpsConnector<HttpConnector>, HttpRequestBody>);

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = timeout(ANSWER, self.0.request(request)).await.map_err(late)?.map_err(failed)?;
        let (head, body) = answer.into_parts();
        let (begun, come) = (Instant::now(), 0);
        let frames = futures::stream::try_unfold((body, come), move |(mut body, mut come)| async move {
            let latest = begun + MORE + Duration::from_secs(come / SLOWEST);
            let next = timeout_at(latest.min(Instant::now() + MORE), body.frame());
            match next.await.map_err(late)? {
                None => Ok(None),
                Some(Ok(frame)) => {
                    come += frame.data_ref().map_or(0, |bytes| bytes.len() as u64);
                    Ok(Some((frame, (body, come))))
                }
                Some(Err(error)) => Err(HttpError::new(HttpErrorKind::Interrupted, error)),
            }
        });
        Ok(HttpResponse::from_parts(head, HttpResponseBody::new(StreamBody::new(Box::pin(frames)))))
    }
}

fn late(error: tokio::time::error::Elapsed) -> HttpError {
    HttpError::new(HttpErrorKind::Timeout, error)
}

/// What could not be sent whole may be sent again.
fn failed(error: Error) -> HttpError {
    let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
    HttpError::new(kind, error)
}
