//! JSON bodies: read, understood and checked before a handler sees them.

use crate::error::{Error, Result};
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest, ResponseError};
use atelier_api::problem::FieldProblem;
use futures::future::LocalBoxFuture;
use futures::{StreamExt, stream};
use garde::Validate;
use serde::de::DeserializeOwned;
use std::future::ready;
use std::time::Duration;

/// Larger bodies are refused, unless the operation says otherwise.
const LIMIT: usize = 256 * 1024;
/// A body that is not there by then is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A JSON body of so many bytes at most, whose rules hold.
pub struct Valid<T, const MOST: usize = LIMIT>(pub T);

/// Reads a JSON body whole before anybody is asked who may: actix would ask first and wait for the body
/// then, so that a right which ends meanwhile would still be used. Of a larger one only the beginning: who may
/// send the rest is asked first.
pub async fn before_the_guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if request.method().is_safe() || !is_json(request.headers()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let too_slow = "The body did not come in time.";
    let begun = tokio::time::timeout(PATIENCE, begun(request.take_payload())).await;
    match begun.unwrap_or_else(|_| Err(Error::status(StatusCode::REQUEST_TIMEOUT, "too-slow", too_slow))) {
        Ok(payload) => {
            request.set_payload(payload);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(error) => Ok(request.into_response(error.error_response()).map_into_right_body()),
    }
}

impl<T, const MOST: usize> FromRequest for Valid<T, MOST>
where
    T: DeserializeOwned + Validate<Context = ()> + Send + 'static,
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = is_json(request.headers());
        let payload = payload.take();
        Box::pin(async move {
            if !json {
                let detail = "Send the body as application/json.";
                return Err(Error::status(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
            }
            let body = read(payload, MOST).await?;
            if body.len() <= LIMIT {
                return parse(&body).map(Valid);
            }
            // Takes long enough to keep others waiting.
            let parsed = tokio::task::spawn_blocking(move || parse(&body)).await;
            parsed.map_err(Error::internal)?.map(Valid)
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().unwrap_or_default().trim() == "application/json")
}

/// The body, of which as much has come as is read before anybody is asked.
async fn begun(mut payload: Payload) -> Result<Payload> {
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        body.extend_from_slice(&part.map_err(cut_off)?);
        if body.len() > LIMIT {
            let beginning = stream::once(ready(Ok(body.freeze())));
            return Ok(Payload::Stream { payload: Box::pin(beginning.chain(payload)) });
        }
    }
    Ok(Payload::from(body.freeze()))
}

async fn read(mut payload: Payload, most: usize) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(cut_off)?;
        if body.len() + part.len() > most {
            let detail = format!("The body is larger than {most} bytes.");
            return Err(Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail));
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

fn cut_off(_: PayloadError) -> Error {
    Error::bad_request("cut-off", "The body ended too early.")
}

fn parse<T: DeserializeOwned + Validate<Context = ()>>(body: &[u8]) -> Result<T> {
    // serde would take a list of a struct's fields for the struct.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Error::bad_request("not-an-object", "The body must be a JSON object."));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            Error::invalid_field(field.trim_start_matches('.'), inner.to_string())
        } else {
            Error::bad_request("not-json", format!("The body is not JSON: {inner}"))
        }
    })?;
    json.end().map_err(|_| Error::bad_request("not-json", "Something follows the JSON in the body."))?;
    value.validate().map_err(|report| {
        Error::invalid(
            report
                .iter()
                .map(|(path, error)| FieldProblem { field: path.to_string(), detail: error.to_string() })
                .collect(),
        )
    })?;
    Ok(value)
}
