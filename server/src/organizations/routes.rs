//! Organizations over HTTP.

use super::resource::{Installation, Organization};
use super::store;
use crate::access::{
    Access, AsPerson, CreateOrganization, ReadOrganization, Routes, UpdateOrganization, route,
};
use crate::app::App;
use crate::config::Config;
use crate::db::Connection;
use crate::error::Result;
use crate::http::body::Valid;
use crate::http::version::{IfMatch, Tagged, Versions, version};
use crate::session_host;
use actix_web::web;
use atelier_api as api;
use atelier_api::role::{Action, Object, OrganizationRole, Permission, RoleDescription};

pub(super) fn routes(routes: &mut Routes) {
    route!(
        routes,
        [organization_list, organization_create, organization_get, organization_update, role_list]
    );
}

/// The organizations that the caller belongs to, by name.
#[utoipa::path(get, path = "/api/v1/organizations", tag = "organizations",
    responses((status = 200, body = Vec<api::organization::Organization>)))]
async fn organization_list(
    person: AsPerson,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::organization::Organization>>> {
    let (policies, config) = (app.policies.clone(), app.config.clone());
    app.db
        .read(move |connection| {
            let mine = store::mine(connection, &person)?;
            let ids = mine.iter().map(|(organization, _)| organization.id.as_str());
            let versions = Versions::load(connection, Object::Organization, ids)?;
            let described = mine.into_iter().map(|(organization, role)| {
                let policy = policies.of(connection, Some(&organization))?;
                let version = versions.of(&organization.id);
                Ok(to_api(&organization, policy.permissions(&[role.into()]), version, &config))
            });
            Ok(web::Json(described.collect::<Result<_>>()?))
        })
        .await
}

/// A new organization. Its maker becomes its administrator.
#[utoipa::path(post, path = "/api/v1/organizations", tag = "organizations",
    request_body = api::organization::CreateOrganization,
    responses((status = 201, body = api::organization::Organization), (status = 409)))]
async fn organization_create(
    access: Access<Installation, CreateOrganization>,
    body: Valid<api::organization::CreateOrganization>,
    app: web::Data<App>,
) -> Result<Tagged<api::organization::Organization>> {
    if app.config.session_ports.is_some() {
        return Err(session_host::for_one());
    }
    let (policies, config) = (app.policies.clone(), app.config.clone());
    let made = app
        .db
        .admit(move |connection| {
            let made = store::create(connection, &access, &body.0.name)?;
            let policy = policies.of(connection, Some(&made))?;
            let permissions = policy.permissions(&[OrganizationRole::Administrator.into()]);
            current(connection, &made, permissions, &config)
        })
        .await?;
    Ok(Tagged::created(made))
}

/// One organization.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}", tag = "organizations",
    params(("organization" = String, Path)),
    responses((status = 200, body = api::organization::Organization)))]
async fn organization_get(
    access: Access<Organization, ReadOrganization>,
    app: web::Data<App>,
) -> Result<Tagged<api::organization::Organization>> {
    let config = app.config.clone();
    app.db
        .read(move |connection| {
            Ok(Tagged::ok(current(connection, access.row(), access.permissions(), &config)?))
        })
        .await
}

/// Rename it or change its currency.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}", tag = "organizations",
    params(("organization" = String, Path), IfMatch), request_body = api::organization::UpdateOrganization,
    responses((status = 200, body = api::organization::Organization), (status = 409), (status = 412)))]
async fn organization_update(
    access: Access<Organization, UpdateOrganization>,
    body: Valid<api::organization::UpdateOrganization>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::organization::Organization>> {
    let config = app.config.clone();
    app.db
        .admit(move |connection| {
            let changed = store::update(connection, &access, &if_match, &body.0)?;
            Ok(Tagged::ok(current(connection, &changed, access.permissions(), &config)?))
        })
        .await
}

/// Every role and what it may do.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/roles", tag = "organizations",
    params(("organization" = String, Path)), responses((status = 200, body = Vec<RoleDescription>)))]
async fn role_list(access: Access<Organization, ReadOrganization>) -> web::Json<Vec<RoleDescription>> {
    web::Json(access.policy().describe())
}

fn current(
    connection: &mut Connection,
    organization: &Organization,
    permissions: Vec<Permission>,
    config: &Config,
) -> Result<api::organization::Organization> {
    let version = version(connection, Object::Organization, &organization.id)?;
    Ok(to_api(organization, permissions, version, config))
}

fn to_api(
    organization: &Organization,
    permissions: Vec<Permission>,
    version: i64,
    config: &Config,
) -> api::organization::Organization {
    let administers =
        permissions.iter().any(|may| (may.object, may.action) == (Object::Organization, Action::Update));
    api::organization::Organization {
        id: organization.id.clone(),
        slug: organization.slug.clone(),
        name: organization.name.clone(),
        currency: organization.currency.clone(),
        created_at: organization.created_at,
        permissions,
        concerns: if administers { config.concerns() } else { Vec::new() },
        version,
    }
}
