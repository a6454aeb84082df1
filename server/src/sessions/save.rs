//! A session's files become a version of the project's.

use super::resource::Session;
use crate::access::{Access, CommitFiles, Origin, ReadSession, Routes, route};
use crate::app::App;
use crate::error::{Error, Result};
use crate::files::{self, ProjectFiles, Saver};
use crate::http::body::Valid;
use crate::trees;
use crate::uploads::Committer;
use actix_web::web;
use atelier_api::channel::Order;
use atelier_api::draft::{DraftSave, SaveDraft};

pub(super) fn routes(routes: &mut Routes) {
    route!(routes, [session_save]);
}

/// Make a version of what is in the caller's session and what others have changed meanwhile. What both changed is
/// put together where that goes; else both are kept, and the answer says where.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/sessions/{session}/save",
    tag = "sessions",
    params(("organization" = String, Path), ("project" = String, Path), ("session" = String, Path)),
    request_body = SaveDraft,
    responses((status = 200, body = DraftSave), (status = 409), (status = 422), (status = 503)))]
async fn session_save(
    access: Access<ProjectFiles, CommitFiles>,
    session: Access<Session, ReadSession>,
    body: Valid<SaveDraft>,
    app: web::Data<App>,
) -> Result<web::Json<DraftSave>> {
    let caller = access.caller().clone();
    let row = &session.row().row;
    if row.owner_id != caller.user.id {
        return Err(match caller.origin {
            Origin::Workload(_) => Error::not_from_inside(),
            Origin::SignIn(_) | Origin::Token { .. } => {
                Error::refused("not-your-session", "Only the person whose session it is saves its files.")
            }
        });
    }
    if app.channels.connected(&row.id) != Some(row.generation) {
        let detail = "The session does not run. What was in it when it stopped is saved already.";
        return Err(Error::conflict("not-running", detail));
    }
    app.workloads.files_sent(&app, &row.id).await?;
    let saver = Saver::of(Committer::of(access, trees::writable)?, &caller).in_workload(&row.id);
    let saved = files::save(&app, &saver, &body.0.message).await?;
    // What others changed comes in, and what is new in the results, made by the files that are saved now, becomes a
    // version. If the agent has just gone, the first is done at its next start, the second at the session's end.
    app.channels.order(&row.id, Order::Take);
    app.channels.order(&row.id, Order::Results { message: body.0.message });
    Ok(web::Json(saved))
}
