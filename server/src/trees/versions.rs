//! Versions of a tree over HTTP.

use super::store::writable;
use super::tree::{ProjectTree, Tree, routes_of};
use crate::access::{Access, Routes};
use crate::app::App;
use crate::artifacts::{version, versions};
use crate::data::{self, Holder, Which};
use crate::error::Result;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::uploads::Committer;
use actix_web::{HttpResponse, web};
use atelier_api::data as api;
use atelier_api::page::Page;
use serde::Deserialize;

pub(super) fn routes<T: Tree>(routes: &mut Routes) {
    routes_of!(T, routes, [version_list, version_get, version_restore]);
}

#[derive(Deserialize)]
struct From {
    cursor: Option<String>,
}

/// The versions of a project's trees, the newest first.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::DataVersion>)))]
async fn version_list<T: Tree>(
    access: Access<ProjectTree<T>, T::Read>,
    from: Query<From>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::DataVersion>>> {
    let holder = Holder::of(&access)?;
    app.db
        .read(move |connection| {
            let (rows, next) = data::list(connection, &holder, from.0.cursor.as_deref())?;
            Ok(web::Json(Page { items: versions(connection, &access, T::TYPE, rows)?, next }))
        })
        .await
}

/// One version: by its number, or the newest as `latest`.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = api::DataVersion)))]
async fn version_get<T: Tree>(
    access: Access<ProjectTree<T>, T::Read>,
    which: Which,
    app: web::Data<App>,
) -> Result<web::Json<api::DataVersion>> {
    let holder = Holder::of(&access)?;
    app.db
        .read(move |connection| {
            let row = data::version(connection, &holder, &which)?;
            Ok(web::Json(version(connection, &access, T::TYPE, row)?))
        })
        .await
}

/// Make a new version with the files of this one.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}/restore",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path)),
    request_body = api::RestoreDataVersion,
    responses((status = 201, body = api::DataVersion), (status = 409), (status = 422)))]
async fn version_restore<T: Tree>(
    access: Access<ProjectTree<T>, T::Commit>,
    which: Which,
    body: Valid<api::RestoreDataVersion>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = access.row().changed();
    let who = Committer::of(access.clone(), writable)?;
    who.holder.is_whole()?;
    let version = app
        .db
        .admit(move |connection| {
            who.writable(connection)?;
            let row = data::restore(connection, &who.holder, &which, &body.0.message, &who.author)?;
            version(connection, &access, T::TYPE, row)
        })
        .await?;
    app.events.tell(changed);
    Ok(HttpResponse::Created().json(version))
}
