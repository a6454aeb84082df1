//! Datasets over HTTP.

use super::describe::{describe, one};
use super::resource::Dataset;
use super::{files, shares, store, uploads, versions};
use crate::access::{
    Access, CreateDataset, DeleteDataset, ListDatasets, Permission, ReadDataset, Routes, UpdateDataset, route,
};
use crate::app::App;
use crate::db::Connection;
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::http::version::{IfMatch, Tagged};
use crate::projects::Project;
use actix_web::{HttpResponse, web};
use atelier_api::dataset as api;
use atelier_api::page::Page;

pub fn routes(routes: &mut Routes) {
    route!(routes, [dataset_list, dataset_create, dataset_get]);
    route!(routes, [dataset_update, dataset_delete, dataset_recover]);
    versions::routes(routes);
    files::routes(routes);
    uploads::routes(routes);
    shares::routes(routes);
}

/// The datasets of a project that the caller may see, by name. Those in the trash are shown to those who may
/// take them out.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/datasets",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), api::DatasetFilter),
    responses((status = 200, body = Page<api::Dataset>)))]
async fn dataset_list(
    access: Access<Project, ListDatasets>,
    filter: Query<api::DatasetFilter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::Dataset>>> {
    let filter = filter.0;
    app.db
        .read(move |connection| {
            let (rows, next) = store::list(connection, &access, &filter)?;
            Ok(web::Json(Page { items: describe(connection, &access, rows)?, next }))
        })
        .await
}

/// A new dataset, without a version yet.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/datasets",
    tag = "datasets", params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::CreateDataset,
    responses((status = 201, body = api::Dataset), (status = 422)))]
async fn dataset_create(
    access: Access<Project, CreateDataset>,
    body: Valid<api::CreateDataset>,
    app: web::Data<App>,
) -> Result<Tagged<api::Dataset>> {
    let project_id = access.row().row.id.clone();
    let made = app
        .db
        .admit(move |connection| {
            let row = store::create(connection, &access, &body.0)?;
            one(connection, &access, row)
        })
        .await?;
    app.events.tell(Change::Datasets { project_id });
    Ok(Tagged::created(made))
}

/// One dataset.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path)),
    responses((status = 200, body = api::Dataset)))]
async fn dataset_get(
    access: Access<Dataset, ReadDataset>,
    app: web::Data<App>,
) -> Result<Tagged<api::Dataset>> {
    app.db.read(move |connection| Ok(Tagged::ok(current(connection, &access)?))).await
}

/// Rename, describe, label.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path), IfMatch),
    request_body = api::UpdateDataset,
    responses((status = 200, body = api::Dataset), (status = 409), (status = 412), (status = 422)))]
async fn dataset_update(
    access: Access<Dataset, UpdateDataset>,
    body: Valid<api::UpdateDataset>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::Dataset>> {
    let changed = Change::Datasets { project_id: access.row().home_id().to_owned() };
    let dataset = app
        .db
        .write(move |connection| {
            store::update(connection, &access, &if_match, &body.0)?;
            current(connection, &access)
        })
        .await?;
    app.events.tell(changed);
    Ok(Tagged::ok(dataset))
}

/// Put a dataset with all its versions into the trash, which forgets it after 30 days.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path), IfMatch),
    responses((status = 204), (status = 409), (status = 412)))]
async fn dataset_delete(
    access: Access<Dataset, DeleteDataset>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = Change::Datasets { project_id: access.row().home_id().to_owned() };
    app.db.admit(move |connection| store::delete(connection, &access, &if_match)).await?;
    app.events.tell(changed);
    Ok(HttpResponse::NoContent().finish())
}

/// Take a dataset out of the trash.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/recover",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path), IfMatch),
    responses((status = 200, body = api::Dataset), (status = 412)))]
async fn dataset_recover(
    access: Access<Dataset, DeleteDataset>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::Dataset>> {
    let changed = Change::Datasets { project_id: access.row().home_id().to_owned() };
    let dataset = app
        .db
        .admit(move |connection| {
            store::recover(connection, &access, &if_match)?;
            current(connection, &access)
        })
        .await?;
    app.events.tell(changed);
    Ok(Tagged::ok(dataset))
}

/// The dataset as it is now, after a change.
fn current<P: Permission>(connection: &mut Connection, access: &Access<Dataset, P>) -> Result<api::Dataset> {
    let row = store::reload(connection, access)?;
    one(connection, access, row)
}
