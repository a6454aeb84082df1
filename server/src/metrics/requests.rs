//! Requests to the application, by the pattern of their route.

use super::REQUEST;
use crate::app::App;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::time::Instant;

/// What matches no route is the page, or nothing.
const PAGE: &str = "(page)";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

pub(super) struct Requests {
    answered: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
}

impl Default for Requests {
    fn default() -> Requests {
        Requests {
            answered: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(REQUEST)),
        }
    }
}

impl Requests {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("http_requests", "Answers of the application", self.answered.clone());
        registry.register("http_request_seconds", "Until an answer's first byte", self.seconds.clone());
    }
}

/// Counts and times each request of the application.
pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let begun = Instant::now();
    let method = method(request.method());
    let route = request.match_pattern().unwrap_or_else(|| PAGE.to_owned());
    let app = request.app_data::<web::Data<App>>().cloned();
    let outcome = next.call(request).await;
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    if let Some(app) = app {
        let requests = &app.metrics.requests;
        let answered = Answered { method, route, status: status.as_u16() };
        requests.answered.get_or_create(&answered).inc();
        let route = Route { route: answered.route };
        requests.seconds.get_or_create(&route).observe(begun.elapsed().as_secs_f64());
    }
    outcome
}

/// Strangers may send any word as a method.
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}
