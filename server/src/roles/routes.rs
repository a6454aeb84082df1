//! Custom roles over HTTP.

use super::resource::CustomRole;
use super::store;
use crate::access::{Access, CreateRole, DeleteRole, ReadRole, Routes, UpdateRole, route};
use crate::app::App;
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::version::{IfMatch, Tagged};
use crate::organizations::Organization;
use actix_web::{HttpResponse, web};
use atelier_api::custom_role as api;

pub fn routes(routes: &mut Routes) {
    route!(routes, [custom_role_list, custom_role_create, custom_role_update, custom_role_delete]);
}

/// The organization's own roles, by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/custom-roles", tag = "roles",
    params(("organization" = String, Path)), responses((status = 200, body = Vec<api::CustomRole>)))]
async fn custom_role_list(
    access: Access<Organization, ReadRole>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::CustomRole>>> {
    app.db.read(move |connection| Ok(web::Json(store::list(connection, &access)?))).await
}

/// A new role.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/custom-roles", tag = "roles",
    params(("organization" = String, Path)), request_body = api::SaveCustomRole,
    responses((status = 201, body = api::CustomRole)))]
async fn custom_role_create(
    access: Access<Organization, CreateRole>,
    body: Valid<api::SaveCustomRole>,
    app: web::Data<App>,
) -> Result<Tagged<api::CustomRole>> {
    let organization_id = access.row().id.clone();
    let policies = app.policies.clone();
    let role = app.db.admit(move |connection| store::create(connection, &access, &policies, &body.0)).await?;
    app.events.tell(Change::People { organization_id });
    Ok(Tagged::created(role))
}

/// Replaces a role's name and all that it permits. Whoever has it feels it with the next request.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/custom-roles/{role}", tag = "roles",
    params(("organization" = String, Path), ("role" = String, Path), IfMatch),
    request_body = api::SaveCustomRole,
    responses((status = 200, body = api::CustomRole), (status = 412)))]
async fn custom_role_update(
    access: Access<CustomRole, UpdateRole>,
    body: Valid<api::SaveCustomRole>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::CustomRole>> {
    let organization_id = access.row().organization.id.clone();
    let policies = app.policies.clone();
    let (role, revoked) = app
        .db
        .admit(move |connection| store::update(connection, &access, &policies, &if_match, &body.0))
        .await?;
    app.events.tell(Change::People { organization_id });
    revoked.tell(&app);
    Ok(Tagged::ok(role))
}

/// Deletes a role that no member has.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/custom-roles/{role}", tag = "roles",
    params(("organization" = String, Path), ("role" = String, Path), IfMatch),
    responses((status = 204), (status = 409), (status = 412)))]
async fn custom_role_delete(
    access: Access<CustomRole, DeleteRole>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let organization_id = access.row().organization.id.clone();
    app.db.admit(move |connection| store::delete(connection, &access, &if_match)).await?;
    app.events.tell(Change::People { organization_id });
    Ok(HttpResponse::NoContent().finish())
}
