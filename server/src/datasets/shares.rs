//! With whom a dataset is shared, over HTTP.

use super::{Dataset, sharing};
use crate::access::{Access, Routes, UpdateDataset, route};
use crate::app::App;
use crate::db::Connection;
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use actix_web::{HttpResponse, web};
use atelier_api::dataset as api;

pub(super) fn routes(routes: &mut Routes) {
    route!(routes, [dataset_share_list, dataset_share_set, dataset_share_delete]);
}

/// With which projects a dataset is shared.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/shares",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path)),
    responses((status = 200, body = Vec<api::DatasetShare>)))]
async fn dataset_share_list(
    access: Access<Dataset, UpdateDataset>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::DatasetShare>>> {
    app.db.read(move |connection| Ok(web::Json(sharing::of(connection, &access)?))).await
}

/// Share a dataset with another project or with the whole organization, or change what such a share allows.
#[utoipa::path(put,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/shares",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path)),
    request_body = api::ShareDataset,
    responses((status = 200, body = Vec<api::DatasetShare>), (status = 409), (status = 422)))]
async fn dataset_share_set(
    access: Access<Dataset, UpdateDataset>,
    body: Valid<api::ShareDataset>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::DatasetShare>>> {
    let (policies, project_id) = (app.policies.clone(), access.row().home_id().to_owned());
    let set = app.db.admit(move |connection| {
        sharing::set(connection, &access, &policies, &body.0)?;
        sharing::of(connection, &access)
    });
    let shares = set.await?;
    let concerned = concerned(&app, project_id.clone()).await?;
    tell(&app, project_id, concerned);
    Ok(web::Json(shares))
}

/// End a share. Nobody gets at the dataset by it from then on.
#[utoipa::path(delete,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/shares/{share}",
    tag = "datasets",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path),
        ("share" = String, Path)),
    responses((status = 204)))]
async fn dataset_share_delete(
    access: Access<Dataset, UpdateDataset>,
    place: web::Path<(String, String, String, String)>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let (share, project_id) = (place.into_inner().3, access.row().home_id().to_owned());
    // Those who see it no longer are told, too.
    let concerned = concerned(&app, project_id.clone()).await?;
    app.db.write(move |connection| sharing::end(connection, &access, &share)).await?;
    tell(&app, project_id, concerned);
    Ok(HttpResponse::NoContent().finish())
}

async fn concerned(app: &App, project_id: String) -> Result<Vec<String>> {
    app.db.read(move |connection: &mut Connection| sharing::borrowers(connection, &project_id)).await
}

fn tell(app: &App, project_id: String, concerned: Vec<String>) {
    for project_id in concerned.into_iter().chain([project_id]) {
        app.events.tell(Change::Datasets { project_id });
    }
}
