//! `/_atelier/enter`: a one-time code becomes the cookie of this host.

use super::notice::Notice;
use super::{cookie, store};
use crate::app::App;
use crate::db::now;
use actix_web::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde::Deserialize;

/// Below this path nothing is the tool's.
pub(super) const RESERVED: &str = "/_atelier/";
pub(super) const PATH: &str = "/_atelier/enter";

#[derive(Deserialize)]
struct Entry {
    code: String,
}

/// Sends the browser to the tool, with a cookie.
pub(super) async fn enter(
    request: &HttpRequest,
    app: &App,
    workload_id: &str,
) -> Result<HttpResponse, Notice> {
    let Ok(entry) = web::Query::<Entry>::from_query(request.query_string()) else {
        return Err(Notice::EntrySpent);
    };
    let (id, code) = (workload_id.to_owned(), entry.into_inner().code);
    let used = app.db.admit(move |connection| store::use_entry(connection, &id, &code, now())).await?;
    let (token, expires_at) = used.ok_or(Notice::EntrySpent)?;
    let seconds = (expires_at - now()) / 1000;
    let mut response = to_the_tool();
    if app.config.session_ports.is_some() {
        // Another session may have been on this port before, and left scripts in the browser.
        response.insert_header(("clear-site-data", "\"cache\", \"storage\""));
    }
    Ok(response.cookie(cookie::carrying(&app.config, workload_id, token, seconds)).finish())
}

/// Tools lead from their root to where work begins.
pub(super) fn to_the_tool() -> HttpResponseBuilder {
    let mut response = HttpResponse::SeeOther();
    response
        .insert_header((LOCATION, "/"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"));
    response
}
