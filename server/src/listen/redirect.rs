//! For browsers that come without TLS: the same address with it.

use super::accept::Handler;
use super::connection::Connection;
use crate::app::App;
use crate::config::Config;
use crate::session_host;
use actix_http::body::BoxBody;
use actix_http::{HttpService, KeepAlive, Request, Response, StatusCode};
use actix_service::ServiceFactory;
use actix_service::boxed::rc_service;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use std::convert::Infallible;
use std::future::ready;

pub(super) async fn http(app: Data<App>) -> Result<Handler, ()> {
    let answer = move |request: Request| ready(Ok::<_, Infallible>(answer(&request, &app.config)));
    let service = HttpService::<Connection, _, _>::build().keep_alive(KeepAlive::Disabled).finish(answer);
    service.new_service(()).await.map(rc_service)
}

fn answer(request: &Request, config: &Config) -> Response<BoxBody> {
    let mut response = Response::build(StatusCode::PERMANENT_REDIRECT);
    // Nobody is sent to a host that a request merely names.
    let session = session_host::session_of(request.head(), config);
    let origin = match session.filter(|_| config.session_ports.is_none()) {
        Some(session) => config.session_url(&session),
        None => config.public_url.clone(),
    };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    response.insert_header((LOCATION, format!("{origin}{path}"))).finish().map_into_boxed_body()
}
