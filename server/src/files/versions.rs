//! Versions of a project's files over HTTP.

use super::resource::ProjectFiles;
use super::store::writable;
use crate::access::{Access, CommitFiles, ReadFiles, Routes, route};
use crate::app::App;
use crate::data::{self, Author, Holder, Which};
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::query::Query;
use actix_web::{HttpResponse, web};
use atelier_api::data as api;
use atelier_api::page::Page;
use atelier_api::role::Object;
use serde::Deserialize;

pub(super) fn routes(routes: &mut Routes) {
    route!(routes, [files_version_list, files_version_get, files_version_restore]);
}

#[derive(Deserialize)]
struct From {
    cursor: Option<String>,
}

/// The versions of a project's files, the newest first.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/versions",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::DataVersion>)))]
async fn files_version_list(
    access: Access<ProjectFiles, ReadFiles>,
    from: Query<From>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::DataVersion>>> {
    let holder = Holder::of(&access)?;
    app.db
        .read(move |connection| {
            let (rows, next) = data::list(connection, &holder, from.0.cursor.as_deref())?;
            Ok(web::Json(Page { items: data::describe(connection, Object::File, rows)?, next }))
        })
        .await
}

/// One version: by its number, or the newest as `latest`.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/versions/{version}",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = api::DataVersion)))]
async fn files_version_get(
    access: Access<ProjectFiles, ReadFiles>,
    which: Which,
    app: web::Data<App>,
) -> Result<web::Json<api::DataVersion>> {
    let holder = Holder::of(&access)?;
    app.db
        .read(move |connection| {
            let row = data::version(connection, &holder, &which)?;
            Ok(web::Json(data::shown(connection, &holder, row)?))
        })
        .await
}

/// Make a new version with the files of this one.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/versions/{version}/restore",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path)),
    request_body = api::RestoreDataVersion,
    responses((status = 201, body = api::DataVersion), (status = 409), (status = 422)))]
async fn files_version_restore(
    access: Access<ProjectFiles, CommitFiles>,
    which: Which,
    body: Valid<api::RestoreDataVersion>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = Change::Files { project_id: access.row().project.row.id.clone() };
    let (holder, author) = (Holder::of(&access)?, Author::of(access.caller()));
    let version = app
        .db
        .admit(move |connection| {
            writable(connection, access.row())?;
            let row = data::restore(connection, &holder, &which, &body.0.message, &author)?;
            data::shown(connection, &holder, row)
        })
        .await?;
    app.events.tell(changed);
    Ok(HttpResponse::Created().json(version))
}
