//! Asking the tool.

use super::admission::Admission;
use super::download::Download;
use super::notice::Notice;
use super::upload::Upload;
use super::{headers, upgrade};
use crate::channel::{Channels, NoStream, Stream};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use futures::future::BoxFuture;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderValue, TRANSFER_ENCODING, UPGRADE};
use hyper::{Method, Request, Response, Uri};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// Connections kept open for the next request to the same tool, and for how long. A short time, because
/// each counts as one of the tool's open streams.
const KEPT: usize = 8;
const KEPT_FOR: Duration = Duration::from_secs(5);
/// Bytes that may wait on their way from a tool.
const BUFFER: usize = 256 * 1024;

pub(super) type Client = legacy::Client<Tools, Upload>;

/// A client whose hosts are ids of workloads.
pub(super) fn client(channels: Channels) -> Client {
    legacy::Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(KEPT_FOR)
        .pool_max_idle_per_host(KEPT)
        .http1_max_buf_size(BUFFER)
        .set_host(false)
        .build(Tools(channels))
}

/// Connects through the workloads' channels.
#[derive(Clone)]
pub(super) struct Tools(Channels);

impl tower_service::Service<Uri> for Tools {
    type Response = TokioIo<Stream>;
    type Error = NoStream;
    type Future = BoxFuture<'static, Result<TokioIo<Stream>, NoStream>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NoStream>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let channels = self.0.clone();
        Box::pin(async move { Ok(TokioIo::new(channels.stream(uri.host().unwrap_or_default()).await?)) })
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

/// A request without its body, so that it can be sent again.
pub(super) struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Head {
    /// # Errors
    /// If the address or the method cannot be passed on.
    pub(super) fn new(request: &HttpRequest, workload_id: &str, headers: HeaderMap) -> Result<Head, Notice> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let uri = Uri::builder().scheme("http").authority(workload_id).path_and_query(path).build();
        let method = Method::from_bytes(request.method().as_str().as_bytes());
        match (uri, method) {
            (Ok(uri), Ok(method)) if method != Method::CONNECT => Ok(Head { method, uri, headers }),
            _ => Err(Notice::NotFound),
        }
    }

    fn with(&self, body: Upload) -> Request<Upload> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }
}

/// A request and its answer, both as streams.
pub(super) async fn plain(
    client: &Client,
    mut head: Head,
    browser: &HeaderMap,
    payload: web::Payload,
    admission: Arc<Admission>,
) -> Result<HttpResponse, Notice> {
    if browser.contains_key(TRANSFER_ENCODING) {
        head.headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    let body = if has_body(browser) { Upload::of(payload) } else { Upload::nothing() };
    let answer = ask(client, &head, body, &admission).await?;
    // Only a WebSocket may leave HTTP, and was not asked for.
    if answer.status() == hyper::StatusCode::SWITCHING_PROTOCOLS {
        return Err(Notice::NoAnswer);
    }
    Ok(with_body(answer, admission))
}

fn has_body(browser: &HeaderMap) -> bool {
    browser.contains_key(TRANSFER_ENCODING)
        || browser.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
}

/// A handshake, and the socket that follows it. `interaction` is called when a person does something on it.
pub(super) async fn websocket(
    client: &Client,
    mut head: Head,
    browser: &HeaderMap,
    payload: web::Payload,
    admission: Arc<Admission>,
    interaction: impl Fn() + 'static,
) -> Result<HttpResponse, Notice> {
    // Bytes behind a body's end would be the next request to us and the socket's to the tool.
    if has_body(browser) {
        return Ok(HttpResponse::BadRequest().finish());
    }
    head.headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    head.headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    let answer = ask(client, &head, Upload::nothing(), &admission).await?;
    if answer.status() != hyper::StatusCode::SWITCHING_PROTOCOLS {
        return Ok(with_body(answer, admission));
    }
    let response = respond(&answer);
    let socket = hyper::upgrade::on(answer).await.map_err(|_| Notice::NoAnswer)?;
    Ok(upgrade::relay(response, socket, payload, admission, interaction))
}

async fn ask(
    client: &Client,
    head: &Head,
    body: Upload,
    admission: &Admission,
) -> Result<Response<Incoming>, Notice> {
    let asking = async {
        let repeatable = body.is_nothing() && head.method.is_idempotent();
        match client.request(head.with(body)).await {
            // A kept connection may have ended just then.
            Err(error) if repeatable && !error.is_connect() => {
                client.request(head.with(Upload::nothing())).await
            }
            other => other,
        }
    };
    tokio::select! {
        answer = asking => answer.map_err(|error| {
            tracing::debug!(%error, workload = head.uri.host(), "the tool did not answer");
            Notice::NoAnswer
        }),
        () = admission.ended() => Err(Notice::NotOpened),
    }
}

fn with_body(answer: Response<Incoming>, admission: Arc<Admission>) -> HttpResponse {
    let mut response = respond(&answer);
    let length = answer.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    response.body(Download::new(answer.into_body(), length, admission))
}

/// Status and headers.
fn respond(answer: &Response<Incoming>) -> HttpResponseBuilder {
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = HttpResponse::build(status);
    for (name, value) in &headers::to_browser(answer.headers()) {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    response
}
