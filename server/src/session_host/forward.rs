//! Asking the tool.

use super::admission::Admission;
use super::client::Client;
use super::download::Download;
use super::notice::Notice;
use super::upload::Upload;
use super::{headers, upgrade};
use actix_web::http::{StatusCode, header as old};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING, UPGRADE,
};
use hyper::{Method, Request, Response, Uri};
use std::sync::Arc;

/// Sends a request of a browser that may send it, and gives the tool's answer. `interaction` is called when
/// a person does something on a socket that this opens.
pub(super) async fn forward(
    client: &Client,
    workload_id: &str,
    scheme: &str,
    request: &HttpRequest,
    payload: web::Payload,
    admission: Arc<Admission>,
    interaction: impl Fn() + 'static,
) -> Result<HttpResponse, Notice> {
    let browser = current(request.headers());
    let head = Head::new(request, workload_id, headers::to_tool(&browser, scheme))?;
    let has_body = browser.contains_key(TRANSFER_ENCODING)
        || browser.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    match (headers::is_websocket(&browser), has_body) {
        (true, false) => websocket(client, head, payload, admission, interaction).await,
        // Bytes behind the body would be the next request to us and the socket's to the tool.
        (true, true) => Ok(HttpResponse::BadRequest().force_close().finish()),
        (false, true) => plain(client, head, Upload::of(payload), admission).await,
        (false, false) => plain(client, head, Upload::nothing(), admission).await,
    }
}

/// actix speaks of headers in the types of `http` 0.2.
fn current(headers: &old::HeaderMap) -> HeaderMap {
    let pair = |(name, value): (&old::HeaderName, &old::HeaderValue)| {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    };
    headers.iter().filter_map(pair).collect()
}

/// A request without its body, so that it can be sent again.
struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Head {
    /// # Errors
    /// If the address or the method cannot be passed on.
    fn new(request: &HttpRequest, workload_id: &str, headers: HeaderMap) -> Result<Head, Notice> {
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

async fn plain(
    client: &Client,
    mut head: Head,
    body: Upload,
    admission: Arc<Admission>,
) -> Result<HttpResponse, Notice> {
    // hyper would leave out the body of a GET whose length is not known.
    if !body.is_nothing() && !head.headers.contains_key(CONTENT_LENGTH) {
        head.headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    let answer = ask(client, &head, body, &admission).await?;
    // Only a WebSocket may leave HTTP, and was not asked for.
    if answer.status() == hyper::StatusCode::SWITCHING_PROTOCOLS {
        return Err(Notice::NoAnswer);
    }
    Ok(with_body(answer, admission))
}

async fn websocket(
    client: &Client,
    mut head: Head,
    payload: web::Payload,
    admission: Arc<Admission>,
    interaction: impl Fn() + 'static,
) -> Result<HttpResponse, Notice> {
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
