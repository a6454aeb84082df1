//! Tiers over HTTP.

use super::describe::describe;
use super::resource::Tier;
use super::store;
use crate::access::{Access, CreateTier, ReadTier, Routes, UpdateTier, route};
use crate::app::App;
use crate::error::{Error, Result};
use crate::events::Change;
use crate::grants;
use crate::http::body::Valid;
use crate::http::version::{IfMatch, Tagged};
use crate::organizations::Organization;
use actix_web::web;
use atelier_api as api;
use atelier_api::role::{Action, Object};

pub fn routes(routes: &mut Routes) {
    route!(routes, [tier_list, tier_create, tier_update, tier_prices, tier_grants, tier_grants_set]);
}

/// The organization's tiers, the smallest first, the archived ones too.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/tiers", tag = "tiers",
    params(("organization" = String, Path)), responses((status = 200, body = Vec<api::tier::Tier>)))]
async fn tier_list(
    access: Access<Organization, ReadTier>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::tier::Tier>>> {
    let host = app.host.clone();
    app.db
        .read(move |connection| {
            let organization = access.row();
            let rows = store::all(connection, &organization.id)?;
            Ok(web::Json(describe(connection, &host, &access, organization, rows)?))
        })
        .await
}

/// A new tier.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/tiers", tag = "tiers",
    params(("organization" = String, Path)), request_body = api::tier::CreateTier,
    responses((status = 201, body = api::tier::Tier)))]
async fn tier_create(
    access: Access<Organization, CreateTier>,
    body: Valid<api::tier::CreateTier>,
    app: web::Data<App>,
) -> Result<Tagged<api::tier::Tier>> {
    let organization_id = access.row().id.clone();
    let host = app.host.clone();
    let tier = app
        .db
        .write(move |connection| {
            let organization = access.row();
            let id = store::create(connection, &access, &body.0)?;
            let made = store::all(connection, &organization.id)?.into_iter().filter(|row| row.id == id);
            let described = describe(connection, &host, &access, organization, made.collect())?.pop();
            described.ok_or_else(Error::not_found)
        })
        .await?;
    app.events.tell(Change::Tiers { organization_id });
    Ok(Tagged::created(tier))
}

/// Rename, set a new price from now on, archive or bring back.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/tiers/{tier}", tag = "tiers",
    params(("organization" = String, Path), ("tier" = String, Path), IfMatch),
    request_body = api::tier::UpdateTier,
    responses((status = 200, body = api::tier::Tier), (status = 412)))]
async fn tier_update(
    access: Access<Tier, UpdateTier>,
    body: Valid<api::tier::UpdateTier>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::tier::Tier>> {
    let organization_id = access.row().organization.id.clone();
    let host = app.host.clone();
    let tier = app
        .db
        .write(move |connection| {
            store::update(connection, &access, &if_match, &body.0)?;
            let row = store::one(connection, &access)?;
            let organization = &access.row().organization;
            let described = describe(connection, &host, &access, organization, vec![row])?.pop();
            described.ok_or_else(Error::not_found)
        })
        .await?;
    app.events.tell(Change::Tiers { organization_id });
    Ok(Tagged::ok(tier))
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

fn starting(tier: &Tier) -> grants::On<'_> {
    let (organization_id, id) = (tier.organization.id.as_str(), tier.id.as_str());
    grants::On { organization_id, object: Object::Tier, id, action: Action::Start, takes_roles: false }
}

/// Who may start a tier: everybody, or only chosen people and groups.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/tiers/{tier}/grants", tag = "tiers",
    params(("organization" = String, Path), ("tier" = String, Path)),
    responses((status = 200, body = api::grant::Grants)))]
async fn tier_grants(
    access: Access<Tier, UpdateTier>,
    app: web::Data<App>,
) -> Result<Tagged<api::grant::Grants>> {
    app.db.read(move |connection| Ok(Tagged::ok(grants::describe(connection, starting(access.row()))?))).await
}

/// Say anew who may start a tier. What runs goes on; the next start is refused to who may not.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/tiers/{tier}/grants", tag = "tiers",
    params(("organization" = String, Path), ("tier" = String, Path), IfMatch),
    request_body = api::grant::SetGrants,
    responses((status = 200, body = api::grant::Grants), (status = 412), (status = 422)))]
async fn tier_grants_set(
    access: Access<Tier, UpdateTier>,
    body: Valid<api::grant::SetGrants>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::grant::Grants>> {
    let organization_id = access.row().organization.id.clone();
    let said = app
        .db
        .admit(move |connection| {
            grants::replace(connection, &access, &if_match, starting(access.row()), &body.0)
        })
        .await?;
    app.events.tell(Change::Tiers { organization_id });
    Ok(Tagged::ok(said))
}
