//! Datasets and models over HTTP.

use super::describe::{describe, one};
use super::noun::{Artifact, Noun, routes_of};
use super::{files, store, uploads, versions};
use crate::access::{Access, Permission, Routes};
use crate::app::App;
use crate::db::Connection;
use crate::error::Result;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::http::version::{IfMatch, Tagged};
use crate::projects::Project;
use actix_web::{HttpResponse, web};
use atelier_api::artifact as api;
use atelier_api::page::Page;

pub fn routes<N: Noun>(routes: &mut Routes) {
    routes_of!(N, routes, [list, create, get]);
    routes_of!(N, routes, [update, delete, recover]);
    versions::routes::<N>(routes);
    files::routes::<N>(routes);
    uploads::routes::<N>(routes);
}

/// The artifacts of a project that the caller may see, by name. Those in the trash are shown to those who may
/// take them out.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/artifacts",
    params(("organization" = String, Path), ("project" = String, Path), api::ArtifactFilter),
    responses((status = 200, body = Page<api::Artifact>)))]
async fn list<N: Noun>(
    access: Access<Project, N::List>,
    filter: Query<api::ArtifactFilter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::Artifact>>> {
    let filter = filter.0;
    app.db
        .read(move |connection| {
            let (rows, next) = store::list::<N>(connection, &access, &filter)?;
            Ok(web::Json(Page { items: describe::<N, _, _>(connection, &access, rows)?, next }))
        })
        .await
}

/// A new artifact, without a version yet.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/artifacts",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::CreateArtifact,
    responses((status = 201, body = api::Artifact), (status = 422)))]
async fn create<N: Noun>(
    access: Access<Project, N::Create>,
    body: Valid<api::CreateArtifact>,
    app: web::Data<App>,
) -> Result<Tagged<api::Artifact>> {
    let project_id = access.row().row.id.clone();
    let made = app
        .db
        .admit(move |connection| {
            let row = store::create::<N>(connection, &access, &body.0)?;
            one::<N, _, _>(connection, &access, row)
        })
        .await?;
    app.events.tell(N::changed(project_id));
    Ok(Tagged::created(made))
}

/// One artifact.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path)),
    responses((status = 200, body = api::Artifact)))]
async fn get<N: Noun>(
    access: Access<Artifact<N>, N::Read>,
    app: web::Data<App>,
) -> Result<Tagged<api::Artifact>> {
    app.db.read(move |connection| Ok(Tagged::ok(current(connection, &access)?))).await
}

/// Rename, describe, label.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path), IfMatch),
    request_body = api::UpdateArtifact,
    responses((status = 200, body = api::Artifact), (status = 409), (status = 412), (status = 422)))]
async fn update<N: Noun>(
    access: Access<Artifact<N>, N::Update>,
    body: Valid<api::UpdateArtifact>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::Artifact>> {
    let changed = access.row().changed();
    let artifact = app
        .db
        .write(move |connection| {
            store::update(connection, &access, &if_match, &body.0)?;
            current(connection, &access)
        })
        .await?;
    app.events.tell(changed);
    Ok(Tagged::ok(artifact))
}

/// Put an artifact with all its versions into the trash, which forgets it after 30 days.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path), IfMatch),
    responses((status = 204), (status = 409), (status = 412)))]
async fn delete<N: Noun>(
    access: Access<Artifact<N>, N::Delete>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = access.row().changed();
    app.db.admit(move |connection| store::delete(connection, &access, &if_match)).await?;
    app.events.tell(changed);
    Ok(HttpResponse::NoContent().finish())
}

/// Take an artifact out of the trash.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/recover",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path), IfMatch),
    responses((status = 200, body = api::Artifact), (status = 412)))]
async fn recover<N: Noun>(
    access: Access<Artifact<N>, N::Delete>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::Artifact>> {
    let changed = access.row().changed();
    let artifact = app
        .db
        .admit(move |connection| {
            store::recover(connection, &access, &if_match)?;
            current(connection, &access)
        })
        .await?;
    app.events.tell(changed);
    Ok(Tagged::ok(artifact))
}

/// As it is now, after a change.
fn current<N: Noun, P: Permission>(
    connection: &mut Connection,
    access: &Access<Artifact<N>, P>,
) -> Result<api::Artifact> {
    let row = store::reload(connection, access)?;
    one::<N, _, _>(connection, access, row)
}
