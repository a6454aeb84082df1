//! What is in versions of a tree, over HTTP.

use super::tree::{ProjectTree, Tree, routes_of};
use crate::access::{Access, Routes};
use crate::app::App;
use crate::data::{self, Which, Wish};
use crate::error::Result;
use crate::http::query::Query;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};
use atelier_api::data as api;
use atelier_api::page::Page;
use atelier_store::TreePath;

type Proof<T> = Access<ProjectTree<T>, <T as Tree>::Read>;

pub(super) fn routes<T: Tree>(routes: &mut Routes) {
    routes_of!(T, routes, [list, changes, content, archive]);
}

/// The files and folders of one folder of a version, by name.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}/files",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path), api::DataFolder),
    responses((status = 200, body = Page<api::DataEntry>)))]
async fn list<T: Tree>(
    access: Proof<T>,
    which: Which,
    of: Query<api::DataFolder>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::DataEntry>>> {
    let version = data::open(&app, &access, which).await?;
    Ok(web::Json(data::entries(&version, &of.0).await?))
}

/// The files that differ from another version, by path.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}/changes",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path),
        ("since" = String, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::DataChange>)))]
async fn changes<T: Tree>(
    access: Proof<T>,
    which: Which,
    since: Query<data::Since>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::DataChange>>> {
    let after = data::open(&app, &access, which).await?;
    let before = data::open(&app, &access, Which::parse(&since.0.since)?).await?;
    Ok(web::Json(data::changes(&before, &after, since.0.cursor.as_deref()).await?))
}

/// The bytes of a file, or a range of them (`Range`). Its `ETag` names its content.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}/content",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path),
        ("path" = String, Query)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 206),
        (status = 304), (status = 416)))]
async fn content<T: Tree>(
    access: Proof<T>,
    which: Which,
    file: Query<data::FilePath>,
    request: HttpRequest,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let version = data::open(&app, &access, which).await?;
    let path = TreePath::new(&file.0.path)?;
    let found = version.file(&path).await?;
    data::content(&app, &version.store, &found, path.as_str(), &Wish::of(&request)).await
}

/// A folder, or the whole version, as a zip file.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/trees/versions/{version}/archive",
    tag = "trees",
    params(("organization" = String, Path), ("project" = String, Path), ("version" = String, Path),
        ("path" = Option<String>, Query)),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip")))]
async fn archive<T: Tree>(
    access: Proof<T>,
    which: Which,
    below: Query<data::Below>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let version = data::open(&app, &access, which).await?;
    let folder = below.0.folder()?;
    let name =
        folder.as_ref().and_then(|folder| folder.names().last()).unwrap_or(&access.row().project.row.slug);
    let name = format!("{name}.zip");
    let archive = data::archive(&app, version, folder.as_ref()).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_DISPOSITION, data::attachment(&name)))
        .content_type("application/zip")
        .streaming(Box::pin(archive)))
}
