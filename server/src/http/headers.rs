//! Headers of every answer on the application's own host.

use crate::app::App;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;
use tracing_actix_web::RequestId;

const HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Adds what keeps browsers from being tricked, and the id that a person can quote.
pub async fn add(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    use actix_web::HttpMessage;
    let id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let policy = request.app_data::<web::Data<App>>().map(|app| app.viewer.page_policy().clone());
    let mut response = next.call(request).await?;
    // The frame for files brings a policy of its own, which says who may show it.
    let framed = response.headers().contains_key(CONTENT_SECURITY_POLICY);
    for (name, value) in HEADERS.iter().filter(|(name, _)| !(framed && *name == "x-frame-options")) {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Some(policy) = policy.filter(|_| !framed) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(value) = id.and_then(|id| HeaderValue::from_str(&id).ok()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}
