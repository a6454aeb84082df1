//! Tiers over HTTP.

use super::host::Host;
use super::resource::Tier;
use super::store::{self, TierRow};
use crate::access::{Access, CreateTier, ReadTier, Routes, UpdateTier, route};
use crate::app::App;
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use crate::organizations::Organization;
use actix_web::{HttpResponse, web};
use atelier_api as api;

pub fn routes(routes: &mut Routes) {
    route!(routes, [tier_list, tier_create, tier_update, tier_prices]);
}

/// The organization's tiers, the smallest first, the archived ones too.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/tiers", tag = "tiers",
    params(("organization" = String, Path)), responses((status = 200, body = Vec<api::tier::Tier>)))]
async fn tier_list(
    access: Access<Organization, ReadTier>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::tier::Tier>>> {
    let rows = app.db.read(move |connection| store::all(connection, &access.row().id)).await?;
    Ok(web::Json(rows.into_iter().map(|row| to_api(row, &app.host)).collect()))
}

/// A new tier.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/tiers", tag = "tiers",
    params(("organization" = String, Path)), request_body = api::tier::CreateTier,
    responses((status = 201, body = api::tier::Tier)))]
async fn tier_create(
    access: Access<Organization, CreateTier>,
    body: Valid<api::tier::CreateTier>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let organization_id = access.row().id.clone();
    let tier = body.0;
    let row = app
        .db
        .write(move |connection| {
            let id = store::create(connection, &access, &tier)?;
            let made = store::all(connection, &access.row().id)?.into_iter().find(|row| row.id == id);
            made.ok_or_else(crate::error::Error::not_found)
        })
        .await?;
    app.events.tell(Change::Tiers { organization_id });
    Ok(HttpResponse::Created().json(to_api(row, &app.host)))
}

/// Rename, set a new price from now on, archive or bring back.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/tiers/{tier}", tag = "tiers",
    params(("organization" = String, Path), ("tier" = String, Path)), request_body = api::tier::UpdateTier,
    responses((status = 200, body = api::tier::Tier)))]
async fn tier_update(
    access: Access<Tier, UpdateTier>,
    body: Valid<api::tier::UpdateTier>,
    app: web::Data<App>,
) -> Result<web::Json<api::tier::Tier>> {
    let organization_id = access.row().organization.id.clone();
    let change = body.0;
    let row = app
        .db
        .write(move |connection| {
            store::update(connection, &access, &change)?;
            store::one(connection, &access)
        })
        .await?;
    app.events.tell(Change::Tiers { organization_id });
    Ok(web::Json(to_api(row, &app.host)))
}

/// The prices that a tier has had, the newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/tiers/{tier}/prices", tag = "tiers",
    params(("organization" = String, Path), ("tier" = String, Path)),
    responses((status = 200, body = Vec<api::tier::TierPrice>)))]
async fn tier_prices(
    access: Access<Tier, ReadTier>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::tier::TierPrice>>> {
    app.db.read(move |connection| Ok(web::Json(store::prices(connection, &access)?))).await
}

/// The row with what the host says of it.
pub(crate) fn to_api(row: TierRow, host: &Host) -> api::tier::Tier {
    api::tier::Tier {
        unavailable: host.refuses(row.cpu_milli, row.memory_bytes),
        id: row.id,
        name: row.name,
        cpu_milli: row.cpu_milli,
        memory_bytes: row.memory_bytes,
        price_per_hour: row.price,
        archived_at: row.archived_at,
    }
}
