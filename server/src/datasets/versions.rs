//! Versions and tags of datasets over HTTP.

use super::{Dataset, writable};
use crate::access::{Access, CommitDataset, DeleteDataset, ReadDataset, Routes, route};
use crate::app::App;
use crate::data::{self, Author, Holder, Tag, Which};
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
    route!(routes, [dataset_version_list, dataset_version_get, dataset_version_update]);
    route!(routes, [dataset_version_restore, dataset_tag_set, dataset_tag_delete]);
}

#[derive(Deserialize)]
struct From {
    cursor: Option<String>,
}

/// The versions of a dataset, the newest first, with those in the trash.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/versions",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::DataVersion>)))]
async fn dataset_version_list(
    access: Access<Dataset, ReadDataset>,
    from: Query<From>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::DataVersion>>> {
    let holder = Holder::of(&access)?;
    app.db
        .read(move |connection| {
            let (rows, next) = data::list(connection, &holder, from.0.cursor.as_deref())?;
            Ok(web::Json(Page { items: data::describe(connection, Object::Dataset, rows)?, next }))
        })
        .await
}

/// One version: by its number, the newest as `latest`, or by a tag.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/versions/{version}",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path),
        ("version" = String, Path)),
    responses((status = 200, body = api::DataVersion)))]
async fn dataset_version_get(
    access: Access<Dataset, ReadDataset>,
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

/// Put a version into the trash, which forgets it after 30 days, or take it out.
#[utoipa::path(patch,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/versions/{version}",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path),
        ("version" = String, Path)),
    request_body = api::UpdateDataVersion,
    responses((status = 200, body = api::DataVersion), (status = 409)))]
async fn dataset_version_update(
    access: Access<Dataset, DeleteDataset>,
    which: Which,
    body: Valid<api::UpdateDataVersion>,
    app: web::Data<App>,
) -> Result<web::Json<api::DataVersion>> {
    let changed = Change::Datasets { project_id: access.row().home_id().to_owned() };
    let holder = Holder::of(&access)?;
    let version = app
        .db
        .admit(move |connection| {
            writable(connection, access.row())?;
            let row = data::set_trashed(connection, &holder, &which, body.0.trashed)?;
            data::shown(connection, &holder, row)
        })
        .await?;
    app.events.tell(changed);
    Ok(web::Json(version))
}

/// Make a new version with the files of this one.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/versions/{version}/restore",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path),
        ("version" = String, Path)),
    request_body = api::RestoreDataVersion,
    responses((status = 201, body = api::DataVersion), (status = 409), (status = 422)))]
async fn dataset_version_restore(
    access: Access<Dataset, CommitDataset>,
    which: Which,
    body: Valid<api::RestoreDataVersion>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = Change::Datasets { project_id: access.row().home_id().to_owned() };
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

/// Point a tag to a version, from wherever it points.
#[utoipa::path(put,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/tags/{tag}",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path),
        ("tag" = String, Path)),
    request_body = api::SetDataTag,
    responses((status = 200, body = api::DataVersion), (status = 409), (status = 422)))]
async fn dataset_tag_set(
    access: Access<Dataset, CommitDataset>,
    tag: Tag,
    body: Valid<api::SetDataTag>,
    app: web::Data<App>,
) -> Result<web::Json<api::DataVersion>> {
    let changed = Change::Datasets { project_id: access.row().home_id().to_owned() };
    let holder = Holder::of(&access)?;
    let version = app
        .db
        .admit(move |connection| {
            writable(connection, access.row())?;
            let who = &access.caller().user.id;
            let row = data::set_tag(connection, &holder, &tag, body.0.number, who)?;
            data::shown(connection, &holder, row)
        })
        .await?;
    app.events.tell(changed);
    Ok(web::Json(version))
}

/// Take a tag away. The version that it points to stays.
#[utoipa::path(delete,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/tags/{tag}",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path),
        ("tag" = String, Path)),
    responses((status = 204), (status = 409), (status = 422)))]
async fn dataset_tag_delete(
    access: Access<Dataset, CommitDataset>,
    tag: Tag,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = Change::Datasets { project_id: access.row().home_id().to_owned() };
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
