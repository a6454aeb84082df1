//! A new password by a link from an administrator.

use super::{links, sign_ins, users};
use crate::access::{Public, Routes, route};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::body::Valid;
use crate::tokens;
use actix_web::{HttpResponse, web};
use atelier_api::account::{PasswordResetPreview, ResetPassword};

pub fn routes(routes: &mut Routes) {
    route!(routes, [password_reset_preview, password_reset]);
}

/// Whose password a link changes.
#[utoipa::path(get, path = "/api/v1/password-resets/{token}", tag = "accounts",
    params(("token" = String, Path)),
    responses((status = 200, body = PasswordResetPreview), (status = 410)))]
async fn password_reset_preview(
    _: Public,
    token: web::Path<String>,
    app: web::Data<App>,
) -> Result<web::Json<PasswordResetPreview>> {
    app.db
        .read(move |connection| {
            let link = links::find(connection, links::PASSWORD_RESET, &token)?.ok_or_else(expired)?;
            let user = users::by_id(connection, link.user_id.as_deref().ok_or_else(expired)?)?;
            Ok(web::Json(PasswordResetPreview { email: user.email, expires_at: link.expires_at }))
        })
        .await
}

/// Choose a new password. Every browser is signed out, every access token revoked.
#[utoipa::path(post, path = "/api/v1/password-resets/{token}", tag = "accounts",
    params(("token" = String, Path)), request_body = ResetPassword,
    responses((status = 204), (status = 410), (status = 422)))]
async fn password_reset(
    _: Public,
    token: web::Path<String>,
    body: Valid<ResetPassword>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let asked = token.clone();
    // Asked before the password is hashed: strangers must not make the server work.
    let user = app
        .db
        .read(move |connection| {
            let link = links::find(connection, links::PASSWORD_RESET, &asked)?.ok_or_else(expired)?;
            users::by_id(connection, link.user_id.as_deref().ok_or_else(expired)?)
        })
        .await?;
    let hash = app.passwords.hash("password", body.0.password, vec![user.name, user.email]).await?;
    app.db
        .admit(move |connection| {
            links::consume(connection, links::PASSWORD_RESET, &token)?.ok_or_else(expired)?;
            users::set_password_hash(connection, &user.id, &hash)?;
            // Whoever knew the old password may have made some.
            tokens::revoke_all(connection, &user.id)?;
            sign_ins::end_all(connection, &user.id, None)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn expired() -> Error {
    let detail = "This link does not work: it expired, was used, or a newer one was made. \
                  Ask your administrator for a new one.";
    Error::gone("link-expired", detail)
}
