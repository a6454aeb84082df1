//! Invitations over HTTP, for those who are invited.

use super::join::{self, Offer};
use crate::access::{Public, Routes, SignedIn, route};
use crate::accounts::me;
use crate::accounts::sign_ins::{self, Browser};
use crate::accounts::users::{self, NewUser};
use crate::app::App;
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use atelier_api::account::{InvitationPreview, Me, NewAccount};
use atelier_api::role::OrganizationRole;

pub(super) fn routes(routes: &mut Routes) {
    route!(routes, [invitation_preview, invitation_accept, invitation_accept_new]);
}

/// What a link leads to.
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "accounts",
    params(("token" = String, Path)),
    responses((status = 200, body = InvitationPreview), (status = 404), (status = 410)))]
async fn invitation_preview(
    _: Public,
    token: web::Path<String>,
    app: web::Data<App>,
) -> Result<web::Json<InvitationPreview>> {
    let offer = app.db.read(move |connection| join::find(connection, &token)).await?;
    let (project, project_role) = offer.project.map(|(_, name, role)| (name, role)).unzip();
    Ok(web::Json(InvitationPreview {
        organization: offer.organization.name,
        role: offer.role.parse().unwrap_or(OrganizationRole::Guest),
        project,
        project_role: project_role.and_then(|role| role.parse().ok()),
        email: offer.email,
        invited_by: offer.invited_by,
        expires_at: offer.expires_at,
    }))
}

/// Accept as who is signed in.
#[utoipa::path(post, path = "/api/v1/invitations/{token}/accept", tag = "accounts",
    params(("token" = String, Path)),
    responses((status = 200, body = Me), (status = 404), (status = 409), (status = 410)))]
async fn invitation_accept(
    signed_in: SignedIn,
    token: web::Path<String>,
    app: web::Data<App>,
) -> Result<web::Json<Me>> {
    let (me, offer) = app
        .db
        .admit(move |connection| {
            let user = &signed_in.caller().user;
            let offer = join::find(connection, &token)?;
            join::accept(connection, &offer, user)?;
            Ok((me::describe(connection, user)?, offer))
        })
        .await?;
    tell(&app, &offer);
    Ok(web::Json(me))
}

/// Accept with a new account, and sign in.
#[utoipa::path(post, path = "/api/v1/invitations/{token}/new-account", tag = "accounts",
    params(("token" = String, Path)), request_body = NewAccount,
    responses((status = 201, body = Me), (status = 404), (status = 409), (status = 410), (status = 422)))]
async fn invitation_accept_new(
    _: Public,
    token: web::Path<String>,
    body: Valid<NewAccount>,
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let NewAccount { name, email, password, language } = body.0;
    let browser = Browser::of(&request, &app);
    let (asked, address) = (token.clone(), email.clone());
    // Asked before the password is hashed: strangers must not make the server work.
    app.db
        .read(move |connection| {
            join::check_address(&join::find(connection, &asked)?, &address)?;
            users::has_none(connection, &address)
        })
        .await?;
    let password_hash = app.passwords.hash("password", password, vec![name.clone(), email.clone()]).await?;
    let new = NewUser { email, name, password_hash, language, operator: false };
    let (me, sign_in, offer) = app
        .db
        .admit(move |connection| {
            let offer = join::find(connection, &token)?;
            let user = users::insert(connection, &new)?;
            join::accept(connection, &offer, &user)?;
            let sign_in = sign_ins::open(connection, &user.id, &browser)?;
            Ok((me::describe(connection, &user)?, sign_in, offer))
        })
        .await?;
    tell(&app, &offer);
    Ok(sign_ins::answer(&app, StatusCode::CREATED, &me, sign_in))
}

fn tell(app: &App, offer: &Offer) {
    app.events.tell(Change::People { organization_id: offer.organization.id.clone() });
    if let Some((project_id, _, _)) = &offer.project {
        app.events.tell(Change::Members { project_id: project_id.clone() });
    }
}
