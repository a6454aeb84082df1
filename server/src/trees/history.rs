//! What happened to single files, over HTTP.

use super::store::writable;
use super::tree::{ProjectTree, Tree, routes_of};
use crate::access::{Access, Routes};
use crate::app::App;
use crate::artifacts;
use crate::data::{self, Below, Holder, Which};
use crate::error::Result;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::uploads::{self, Committer};
use actix_web::{HttpResponse, web};
use atelier_api::data as api;
use atelier_api::page::Page;
use atelier_store::TreePath;
use serde::Deserialize;

pub(super) fn routes<T: Tree>(routes: &mut Routes) {
    routes_of!(T, routes, [history, last_changes, file_restore]);
}

#[derive(Deserialize)]
struct Past {
    path: String,
    cursor: Option<String>,
}

/// The versions in which a file changed, the newest first, up to this version. A part of the list may be empty and
/// have another one behind it.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}/history",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path),
        ("path" = String, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::DataFileVersion>)))]
async fn history<T: Tree>(
    access: Access<ProjectTree<T>, T::Read>,
    which: Which,
    past: Query<Past>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::DataFileVersion>>> {
    let path = TreePath::new(&past.0.path)?;
    let (holder, number) = number(&app, &access, which).await?;
    let store = app.objects.of(holder.project_id()).await?;
    let cursor = past.0.cursor.as_deref();
    Ok(web::Json(data::history(&app, &store, &holder, number, &path, cursor).await?))
}

/// Which versions changed the files and folders of one folder last. Up to a hundred versions are looked at; what
/// did not change in them is not named.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}/last-changes",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path),
        ("path" = Option<String>, Query)),
    responses((status = 200, body = api::DataLastChanges)))]
async fn last_changes<T: Tree>(
    access: Access<ProjectTree<T>, T::Read>,
    which: Which,
    below: Query<Below>,
    app: web::Data<App>,
) -> Result<web::Json<api::DataLastChanges>> {
    let folder = below.0.folder()?;
    let (holder, number) = number(&app, &access, which).await?;
    let store = app.objects.of(holder.project_id()).await?;
    Ok(web::Json(data::last_changes(&app, &store, &holder, number, folder.as_ref()).await?))
}

/// Make a new version in which one file is as it was in this one; the others stay as they are in the newest.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}/restore-file",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path)),
    request_body = api::RestoreDataFile,
    responses((status = 201, body = api::DataVersion), (status = 409), (status = 422)))]
async fn file_restore<T: Tree>(
    access: Access<ProjectTree<T>, T::Commit>,
    which: Which,
    body: Valid<api::RestoreDataFile>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let path = TreePath::new(&body.0.path)?;
    let changed = access.row().changed();
    let who = Committer::of(access.clone(), writable)?;
    who.holder.hidden().check(&path)?;
    let row = uploads::restore_file(&app, &who, &which, &path, &body.0.message).await?;
    let made = app.db.read(move |connection| artifacts::version(connection, &access, T::TYPE, row)).await?;
    app.events.tell(changed);
    Ok(HttpResponse::Created().json(made))
}

async fn number<T: Tree>(
    app: &App,
    access: &Access<ProjectTree<T>, T::Read>,
    which: Which,
) -> Result<(Holder, i64)> {
    let holder = Holder::of(access)?;
    let of = holder.clone();
    let number = app.db.read(move |connection| Ok(data::version(connection, &of, &which)?.number)).await?;
    Ok((holder, number))
}
