//! Restricted paths over HTTP.

use super::store;
use crate::access::{Access, ReadFiles, Routes, UpdateFiles, route};
use crate::app::App;
use crate::error::Result;
use crate::files::ProjectFiles;
use crate::http::body::Valid;
use crate::http::version::{IfMatch, Tagged};
use actix_web::{HttpResponse, web};
use atelier_api::grant::SetGrants;
use atelier_api::restriction as api;

/// The path's last parameters: organization, project, restriction.
type Place = web::Path<(String, String, String)>;

pub(in crate::files) fn routes(routes: &mut Routes) {
    route!(routes, [files_restriction_list, files_restriction_create]);
    route!(routes, [files_restriction_update, files_restriction_delete]);
}

/// The files and folders that not everybody may read who may read the others, and who may. What the caller may not
/// read is not among them.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/files/restrictions",
    tag = "files", params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = Vec<api::Restriction>)))]
async fn files_restriction_list(
    access: Access<ProjectFiles, ReadFiles>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::Restriction>>> {
    app.db.read(move |connection| Ok(web::Json(store::list(connection, &access)?))).await
}

/// Say who may read a file, or a folder with all that is in it. Who may not is not told that it is there.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/files/restrictions",
    tag = "files", params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::CreateRestriction,
    responses((status = 201, body = api::Restriction), (status = 409), (status = 422)))]
async fn files_restriction_create(
    access: Access<ProjectFiles, UpdateFiles>,
    body: Valid<api::CreateRestriction>,
    app: web::Data<App>,
) -> Result<Tagged<api::Restriction>> {
    let changed = access.row().changed();
    let made = app.db.admit(move |connection| store::create(connection, &access, &body.0)).await?;
    app.events.tell(changed);
    Ok(Tagged::created(made))
}

/// Say anew who may read it.
#[utoipa::path(patch,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/restrictions/{restriction}",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("restriction" = String, Path), IfMatch),
    request_body = SetGrants,
    responses((status = 200, body = api::Restriction), (status = 409), (status = 412), (status = 422)))]
async fn files_restriction_update(
    access: Access<ProjectFiles, UpdateFiles>,
    place: Place,
    body: Valid<SetGrants>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::Restriction>> {
    let (changed, id) = (access.row().changed(), place.into_inner().2);
    let update = move |connection: &mut _| store::update(connection, &access, &id, &if_match, &body.0);
    let restriction = app.db.admit(update).await?;
    app.events.tell(changed);
    Ok(Tagged::ok(restriction))
}

/// Whoever may read the project's files may read it again.
#[utoipa::path(delete,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/restrictions/{restriction}",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("restriction" = String, Path), IfMatch),
    responses((status = 204), (status = 409), (status = 412)))]
async fn files_restriction_delete(
    access: Access<ProjectFiles, UpdateFiles>,
    place: Place,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let (changed, id) = (access.row().changed(), place.into_inner().2);
    app.db.admit(move |connection| store::delete(connection, &access, &id, &if_match)).await?;
    app.events.tell(changed);
    Ok(HttpResponse::NoContent().finish())
}
