//! Versions of results that nobody needs any more.

use super::ProjectResults;
use crate::access::{Access, DeleteResults, Routes, route};
use crate::app::App;
use crate::artifacts;
use crate::data::{self, Holder, Which};
use crate::error::Result;
use crate::http::body::Valid;
use crate::trees::writable;
use actix_web::web;
use atelier_api::data as api;
use atelier_api::role::Object;

pub(super) fn routes(routes: &mut Routes) {
    route!(routes, [results_version_update]);
}

/// Put a version into the trash, which forgets it after 30 days, or take it out.
#[utoipa::path(patch,
    path = "/api/v1/organizations/{organization}/projects/{project}/results/versions/{version}",
    tag = "results",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path)),
    request_body = api::UpdateDataVersion,
    responses((status = 200, body = api::DataVersion), (status = 409)))]
async fn results_version_update(
    access: Access<ProjectResults, DeleteResults>,
    which: Which,
    body: Valid<api::UpdateDataVersion>,
    app: web::Data<App>,
) -> Result<web::Json<api::DataVersion>> {
    let changed = access.row().changed();
    let holder = Holder::of(&access)?;
    let version = app
        .db
        .admit(move |connection| {
            writable(connection, access.row())?;
            let row = data::set_trashed(connection, &holder, &which, body.0.trashed)?;
            artifacts::version(connection, &access, Object::Result, row)
        })
        .await?;
    app.events.tell(changed);
    Ok(web::Json(version))
}
