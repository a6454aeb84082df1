//! What the log knows of a request: its id, the client's address, method, and the pattern of its route. Never
//! the path itself, which can hold a one-time token.

use super::client;
use crate::app::App;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::web;
use tracing::{Span, field};
use tracing_actix_web::{RequestId, RootSpanBuilder};

pub struct Request;

impl RootSpanBuilder for Request {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request.extensions().get::<RequestId>().map(ToString::to_string);
        let app = request.app_data::<web::Data<App>>();
        let trusted = app.map_or(&[][..], |app| &app.config.trusted_proxies);
        tracing::info_span!(
            "request",
            id = id.as_deref().unwrap_or_default(),
            client = %client::address(request.head().peer_addr, request.headers(), trusted),
            method = %request.method(),
            route = request.match_pattern().unwrap_or_default(),
            status = field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, actix_web::Error>) {
        if let Ok(response) = outcome {
            span.record("status", response.status().as_u16());
        }
    }
}
