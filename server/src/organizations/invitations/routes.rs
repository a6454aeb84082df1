//! Invitations over HTTP, for those who invite.

use super::resource::Invitation;
use super::store;
use crate::access::{Access, CreateInvitation, DeleteInvitation, ReadInvitation, Routes, route};
use crate::app::App;
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use crate::organizations::Organization;
use actix_web::{HttpResponse, web};
use atelier_api as api;
use atelier_api::account::OneTimeLink;
use atelier_api::person::CreatedInvitation;

pub(super) fn routes(routes: &mut Routes) {
    route!(routes, [invitation_list, invitation_create, invitation_revoke]);
}

/// Invitations that can still be accepted, newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/invitations", tag = "people",
    params(("organization" = String, Path)),
    responses((status = 200, body = Vec<api::person::Invitation>)))]
async fn invitation_list(
    access: Access<Organization, ReadInvitation>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::person::Invitation>>> {
    app.db.read(move |connection| Ok(web::Json(store::open(connection, &access)?))).await
}

/// A link that lets one person in. It is shown this once.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/invitations", tag = "people",
    params(("organization" = String, Path)), request_body = api::person::CreateInvitation,
    responses((status = 201, body = CreatedInvitation)))]
async fn invitation_create(
    access: Access<Organization, CreateInvitation>,
    body: Valid<api::person::CreateInvitation>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let organization_id = access.row().id.clone();
    let (invitation, token) =
        app.db.admit(move |connection| store::create(connection, &access, &body.0)).await?;
    app.events.tell(Change::People { organization_id });
    let url = format!("{}/invitation/{token}", app.config.public_url);
    let link = OneTimeLink { url, expires_at: invitation.expires_at };
    Ok(HttpResponse::Created().json(CreatedInvitation { invitation, link }))
}

/// End an invitation before somebody accepts it.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/invitations/{invitation}",
    tag = "people", params(("organization" = String, Path), ("invitation" = String, Path)),
    responses((status = 204)))]
async fn invitation_revoke(
    access: Access<Invitation, DeleteInvitation>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let organization_id = access.row().organization.id.clone();
    app.db.write(move |connection| store::revoke(connection, &access)).await?;
    app.events.tell(Change::People { organization_id });
    Ok(HttpResponse::NoContent().finish())
}
