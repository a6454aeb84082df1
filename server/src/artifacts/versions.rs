//! Versions and tags of datasets and models over HTTP.

use super::describe::{version as shown, versions as all_shown};
use super::noun::{Artifact, Noun, routes_of};
use super::store::writable;
use crate::access::{Access, Routes};
use crate::app::App;
use crate::data::{self, Author, Holder, Tag, Which};
use crate::error::Result;
use crate::http::body::Valid;
use crate::http::query::Query;
use actix_web::{HttpResponse, web};
use atelier_api::data as api;
use atelier_api::page::Page;
use serde::Deserialize;

pub(super) fn routes<N: Noun>(routes: &mut Routes) {
    routes_of!(N, routes, [version_list, version_get, version_update]);
    routes_of!(N, routes, [version_restore, tag_set, tag_delete]);
}

#[derive(Deserialize)]
struct From {
    cursor: Option<String>,
}

/// The versions of an artifact, the newest first, with those in the trash.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/versions",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::DataVersion>)))]
async fn version_list<N: Noun>(
    access: Access<Artifact<N>, N::Read>,
    from: Query<From>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::DataVersion>>> {
    let holder = Holder::of(&access)?;
    app.db
        .read(move |connection| {
            let (rows, next) = data::list(connection, &holder, from.0.cursor.as_deref())?;
            Ok(web::Json(Page { items: all_shown(connection, &access, N::TYPE, rows)?, next }))
        })
        .await
}

/// One version: by its number, the newest as `latest`, or by a tag.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/versions/{version}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("version" = String, Path)),
    responses((status = 200, body = api::DataVersion)))]
async fn version_get<N: Noun>(
    access: Access<Artifact<N>, N::Read>,
    which: Which,
    app: web::Data<App>,
) -> Result<web::Json<api::DataVersion>> {
    let holder = Holder::of(&access)?;
    app.db
        .read(move |connection| {
            let row = data::version(connection, &holder, &which)?;
            Ok(web::Json(shown(connection, &access, N::TYPE, row)?))
        })
        .await
}

/// Put a version into the trash, which forgets it after 30 days, or take it out.
#[utoipa::path(patch,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/versions/{version}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("version" = String, Path)),
    request_body = api::UpdateDataVersion,
    responses((status = 200, body = api::DataVersion), (status = 409)))]
async fn version_update<N: Noun>(
    access: Access<Artifact<N>, N::Delete>,
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
            shown(connection, &access, N::TYPE, row)
        })
        .await?;
    app.events.tell(changed);
    Ok(web::Json(version))
}

/// Make a new version with the files of this one.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/versions/{version}/restore",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("version" = String, Path)),
    request_body = api::RestoreDataVersion,
    responses((status = 201, body = api::DataVersion), (status = 409), (status = 422)))]
async fn version_restore<N: Noun>(
    access: Access<Artifact<N>, N::Commit>,
    which: Which,
    body: Valid<api::RestoreDataVersion>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = access.row().changed();
    let (holder, author) = (Holder::of(&access)?, Author::of(access.caller()));
    let version = app
        .db
        .admit(move |connection| {
            writable(connection, access.row())?;
            let row = data::restore(connection, &holder, &which, &body.0.message, &author)?;
            shown(connection, &access, N::TYPE, row)
        })
        .await?;
    app.events.tell(changed);
    Ok(HttpResponse::Created().json(version))
}

/// Point a tag to a version, from wherever it points.
#[utoipa::path(put,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/tags/{tag}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("tag" = String, Path)),
    request_body = api::SetDataTag,
    responses((status = 200, body = api::DataVersion), (status = 409), (status = 422)))]
async fn tag_set<N: Noun>(
    access: Access<Artifact<N>, N::Commit>,
    tag: Tag,
    body: Valid<api::SetDataTag>,
    app: web::Data<App>,
) -> Result<web::Json<api::DataVersion>> {
    let changed = access.row().changed();
    let holder = Holder::of(&access)?;
    let version = app
        .db
        .admit(move |connection| {
            writable(connection, access.row())?;
            let who = &access.caller().user.id;
            let row = data::set_tag(connection, &holder, &tag, body.0.number, who)?;
            shown(connection, &access, N::TYPE, row)
        })
        .await?;
    app.events.tell(changed);
    Ok(web::Json(version))
}

/// Take a tag away. The version that it points to stays.
#[utoipa::path(delete,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/tags/{tag}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("tag" = String, Path)),
    responses((status = 204), (status = 409), (status = 422)))]
async fn tag_delete<N: Noun>(
    access: Access<Artifact<N>, N::Commit>,
    tag: Tag,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = access.row().changed();
    let holder = Holder::of(&access)?;
    app.db
        .write(move |connection| {
            writable(connection, access.row())?;
            data::delete_tag(connection, &holder, &tag)
        })
        .await?;
    app.events.tell(changed);
    Ok(HttpResponse::NoContent().finish())
}
