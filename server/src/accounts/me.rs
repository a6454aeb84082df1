//! One's own account: profile, password, open sign-ins.

use super::{links, sign_ins, users};
use crate::access::{AsPerson, Routes, SignedIn, User, cookie, route};
use crate::app::App;
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::http::body::Valid;
use actix_web::{HttpRequest, HttpResponse, web};
use atelier_api::account::{ChangePassword, Language, Me, MyOrganization, OpenSignIn, Theme, UpdateMe};
use atelier_api::role::OrganizationRole;
use diesel::prelude::*;

pub fn routes(routes: &mut Routes) {
    route!(routes, [me_get, me_update, password_change, sign_in_list, sign_in_end, sign_in_end_all]);
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", responses((status = 200, body = Me)))]
async fn me_get(person: AsPerson, app: web::Data<App>) -> Result<web::Json<Me>> {
    app.db.read(move |connection| Ok(web::Json(describe(connection, &person.caller().user)?))).await
}

/// Change one's name, language or theme.
#[utoipa::path(patch, path = "/api/v1/me", tag = "accounts", request_body = UpdateMe,
    responses((status = 200, body = Me)))]
async fn me_update(signed_in: SignedIn, body: Valid<UpdateMe>, app: web::Data<App>) -> Result<web::Json<Me>> {
    app.db
        .write(move |connection| {
            use schema::users;
            let id = &signed_in.caller().user.id;
            let me = users::table.find(id);
            if let Some(name) = &body.0.name {
                diesel::update(me).set(users::name.eq(name.trim())).execute(connection)?;
            }
            if let Some(language) = body.0.language {
                diesel::update(me).set(users::language.eq(language.as_str())).execute(connection)?;
            }
            if let Some(theme) = body.0.theme {
                diesel::update(me).set(users::theme.eq(theme.as_str())).execute(connection)?;
            }
            let user = super::users::by_id(connection, id)?;
            Ok(web::Json(describe(connection, &user)?))
        })
        .await
}

/// Change one's password. Every other browser is signed out.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "accounts", request_body = ChangePassword,
    responses((status = 204), (status = 422), (status = 429)))]
async fn password_change(
    signed_in: SignedIn,
    body: Valid<ChangePassword>,
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let ChangePassword { current, new } = body.0;
    let user = signed_in.caller().user.clone();
    let browser = sign_ins::Browser::of(&request, &app);
    let attempt = app.tries.begin(browser.address, &users::email_key(&user.email))?;
    let id = user.id.clone();
    let before = app.db.read(move |connection| users::password_hash(connection, &id)).await?;
    if !app.passwords.verify(current, Some(before.clone())).await? {
        return Err(Error::invalid_field("current", "is not your password"));
    }
    app.tries.succeeded(attempt);
    let hash = app.passwords.hash("new", new, vec![user.name, user.email]).await?;
    app.db
        .admit(move |connection| {
            let caller = signed_in.caller();
            if users::password_hash(connection, &caller.user.id)? != before {
                let detail = "Your password was changed somewhere else at the same moment. Sign in again.";
                return Err(Error::conflict("password-changed", detail));
            }
            users::set_password_hash(connection, &caller.user.id, &hash)?;
            links::void(connection, links::PASSWORD_RESET, Some(&caller.user.id))?;
            sign_ins::end_all(connection, &caller.user.id, Some(caller.sign_in_id()?))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Where one is signed in.
#[utoipa::path(get, path = "/api/v1/me/sign-ins", tag = "accounts",
    responses((status = 200, body = Vec<OpenSignIn>)))]
async fn sign_in_list(signed_in: SignedIn, app: web::Data<App>) -> Result<web::Json<Vec<OpenSignIn>>> {
    app.db
        .read(move |connection| {
            let caller = signed_in.caller();
            Ok(web::Json(sign_ins::list(connection, &caller.user.id, caller.sign_in_id()?)?))
        })
        .await
}

/// Sign one browser out.
#[utoipa::path(delete, path = "/api/v1/me/sign-ins/{sign_in}", tag = "accounts",
    params(("sign_in" = String, Path)), responses((status = 204)))]
async fn sign_in_end(
    signed_in: SignedIn,
    id: web::Path<String>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let ended =
        app.db.write(move |connection| sign_ins::end(connection, &signed_in.caller().user.id, &id)).await?;
    if ended { Ok(HttpResponse::NoContent().finish()) } else { Err(Error::not_found()) }
}

/// Sign out everywhere, here too.
#[utoipa::path(delete, path = "/api/v1/me/sign-ins", tag = "accounts", responses((status = 204)))]
async fn sign_in_end_all(signed_in: SignedIn, app: web::Data<App>) -> Result<HttpResponse> {
    app.db.write(move |connection| sign_ins::end_all(connection, &signed_in.caller().user.id, None)).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::forgotten(&app)).finish())
}

/// The account with the organizations that it opens.
pub fn describe(connection: &mut Connection, user: &User) -> Result<Me> {
    use schema::{organization_members as members, organizations};
    let rows: Vec<(String, String, String, String)> = members::table
        .inner_join(organizations::table)
        .filter(members::user_id.eq(&user.id))
        .filter(members::disabled_at.is_null())
        .order((organizations::name, organizations::id))
        .select((organizations::slug, organizations::name, members::role, organizations::currency))
        .load(connection)?;
    let organizations = rows.into_iter().filter_map(|(slug, name, role, currency)| {
        Some(MyOrganization { slug, name, role: role.parse::<OrganizationRole>().ok()?, currency })
    });
    Ok(Me {
        id: user.id.clone(),
        email: user.email.clone(),
        name: user.name.clone(),
        language: user.language.parse().unwrap_or(Language::English),
        theme: user.theme.parse().unwrap_or(Theme::System),
        operator: user.operator,
        organizations: organizations.collect(),
    })
}
