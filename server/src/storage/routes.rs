//! Storage over HTTP.

use super::{Day, Days, days, price, report};
use crate::access::{Access, ReadDataset, ReadSpend, Routes, UpdateOrganization, route};
use crate::app::App;
use crate::billing::Period;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::part;
use crate::http::query::Query;
use crate::organizations::Organization;
use crate::projects::Project;
use actix_web::web;
use atelier_api::page::Page;
use atelier_api::storage as api;
use diesel::prelude::*;

pub fn routes(routes: &mut Routes) {
    route!(routes, [storage_report, storage_update, storage_price_list, storage_day_list]);
    route!(routes, [storage_quota_set, project_storage]);
}

/// What the projects of an organization store, and what it costs.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/storage", tag = "storage",
    params(("organization" = String, Path)), responses((status = 200, body = api::StorageReport)))]
async fn storage_report(
    access: Access<Organization, ReadSpend>,
    app: web::Data<App>,
) -> Result<web::Json<api::StorageReport>> {
    app.db.read(move |connection| Ok(web::Json(report::organization(connection, &access)?))).await
}

/// Set the price from now on.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/storage", tag = "storage",
    params(("organization" = String, Path)), request_body = api::UpdateStorage,
    responses((status = 200, body = api::StorageReport)))]
async fn storage_update(
    access: Access<Organization, UpdateOrganization>,
    body: Valid<api::UpdateStorage>,
    app: web::Data<App>,
) -> Result<web::Json<api::StorageReport>> {
    let told = spend_changed(access.row());
    let report = app
        .db
        .write(move |connection| {
            price::set(connection, &access, body.0.price_per_gb_month)?;
            report::organization(connection, &access)
        })
        .await?;
    app.events.tell(told);
    Ok(web::Json(report))
}

/// The prices that storage has had, the newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/storage/prices", tag = "storage",
    params(("organization" = String, Path)), responses((status = 200, body = Vec<api::StoragePrice>)))]
async fn storage_price_list(
    access: Access<Organization, ReadSpend>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::StoragePrice>>> {
    app.db.read(move |connection| Ok(web::Json(price::history(connection, &access)?))).await
}

/// The rows of the ledger of storage, the newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/storage/days", tag = "storage",
    params(("organization" = String, Path), api::StorageDayFilter),
    responses((status = 200, body = Page<api::StorageDay>)))]
async fn storage_day_list(
    access: Access<Organization, ReadSpend>,
    filter: Query<api::StorageDayFilter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::StorageDay>>> {
    let filter = filter.0;
    app.db
        .read(move |connection| {
            let month = Period::asked(filter.month.as_deref(), now())?;
            let which = Days {
                organization_id: access.row().id.clone(),
                project_id: filter.project,
                from: month.from,
                to: month.to,
            };
            let rows = days(connection, &which)?;
            // Later days have smaller keys.
            let key = |day: &Day| format!("{:020} {}", i64::MAX - day.begins(), day.project_id);
            let (rows, next) = part::part(rows, key, filter.cursor.as_deref())?;
            Ok(web::Json(Page { items: rows.iter().map(Day::to_api).collect(), next }))
        })
        .await
}

/// Say how much a project may store. What is there stays, also if it is more.
#[utoipa::path(put, path = "/api/v1/organizations/{organization}/storage/quotas/{project}", tag = "storage",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::SetStorageQuota,
    responses((status = 200, body = api::ProjectStorage), (status = 422)))]
async fn storage_quota_set(
    access: Access<Organization, UpdateOrganization>,
    project: web::Path<(String, String)>,
    body: Valid<api::SetStorageQuota>,
    app: web::Data<App>,
) -> Result<web::Json<api::ProjectStorage>> {
    let (told, slug) = (spend_changed(access.row()), project.into_inner().1);
    let set = app.db.write(move |connection| {
        set_quota(connection, &access, &slug, body.0.bytes)?;
        report::one(connection, &access, &slug)
    });
    let project = set.await?;
    app.events.tell(told);
    app.events.tell(Change::Datasets { project_id: project.project.clone() });
    Ok(web::Json(project))
}

fn set_quota(
    connection: &mut Connection,
    access: &Access<Organization, UpdateOrganization>,
    slug: &str,
    bytes: Option<i64>,
) -> Result<()> {
    use schema::projects;
    let this = projects::table
        .filter(projects::organization_id.eq(&access.row().id))
        .filter(projects::slug.eq(slug))
        .filter(projects::deleted_at.is_null());
    match diesel::update(this).set(projects::storage_quota_bytes.eq(bytes)).execute(connection)? {
        0 => Err(Error::not_found()),
        _ => Ok(()),
    }
}

/// What a project stores, and what of it is whose.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/storage", tag = "storage",
    params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = api::ProjectStorageReport)))]
async fn project_storage(
    access: Access<Project, ReadDataset>,
    app: web::Data<App>,
) -> Result<web::Json<api::ProjectStorageReport>> {
    app.db.read(move |connection| Ok(web::Json(report::project(connection, &access)?))).await
}

/// Those who see everybody's spending fetch it anew.
fn spend_changed(organization: &Organization) -> Change {
    Change::Spend { organization_id: organization.id.clone(), user_id: String::new() }
}
