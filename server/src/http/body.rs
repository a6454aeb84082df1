//! JSON bodies: read, understood and checked before a handler sees them.

use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use atelier_api::problem::FieldProblem;
use futures::StreamExt;
use futures::future::LocalBoxFuture;
use garde::Validate;
use serde::de::DeserializeOwned;

/// Larger bodies are refused; no request of the API comes near.
const LIMIT: usize = 256 * 1024;

/// A JSON body whose rules hold.
pub struct Valid<T>(pub T);

impl<T: DeserializeOwned + Validate<Context = ()> + 'static> FromRequest for Valid<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Valid<T>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
                value.split(';').next().unwrap_or_default().trim() == "application/json"
            });
        let mut payload = payload.take();
        Box::pin(async move {
            if !json {
                let detail = "Send the body as application/json.";
                return Err(Error::status(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
            }
            let mut body = Vec::new();
            while let Some(part) = payload.next().await {
                let part = part.map_err(|_| Error::bad_request("cut-off", "The body ended too early."))?;
                if body.len() + part.len() > LIMIT {
                    let detail = format!("The body is larger than {LIMIT} bytes.");
                    return Err(Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail));
                }
                body.extend_from_slice(&part);
            }
            parse(&body).map(Valid)
        })
    }
}

fn parse<T: DeserializeOwned + Validate<Context = ()>>(body: &[u8]) -> Result<T> {
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
