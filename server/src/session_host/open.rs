//! The application's part: an address by which the owner's browser gets into the session.

use super::{port, store};
use crate::access::{Access, OpenSession, Routes, route};
use crate::app::App;
use crate::db::now;
use crate::error::Result;
use crate::sessions::Session;
use actix_web::web;
use atelier_api::session::SessionEntry;

pub fn routes(routes: &mut Routes) {
    route!(routes, [session_open]);
}

/// Where to work in the session. The address works once, for a minute, and belongs to the caller's sign-in.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/sessions/{session}/open",
    tag = "sessions",
    params(("organization" = String, Path), ("project" = String, Path), ("session" = String, Path)),
    responses((status = 200, body = SessionEntry)), security(("signIn" = [])))]
async fn session_open(
    access: Access<Session, OpenSession>,
    app: web::Data<App>,
) -> Result<web::Json<SessionEntry>> {
    let config = app.config.clone();
    let opened = app.db.admit(move |connection| {
        let session = &access.row().row.id;
        let origin = match &config.session_ports {
            Some(ports) => config.session_port_url(port::assign(connection, session, ports, now())?),
            None => config.session_url(session),
        };
        let (code, expires_at) = store::add_entry(connection, &access)?;
        Ok((origin, code, expires_at))
    });
    let (origin, code, expires_at) = opened.await?;
    Ok(web::Json(SessionEntry { url: format!("{origin}/_atelier/enter?code={code}"), expires_at }))
}
