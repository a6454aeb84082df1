//! One's own access tokens over HTTP. No token reaches them.

use super::store;
use crate::access::{Routes, SignedIn, route};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::body::Valid;
use actix_web::{HttpResponse, web};
use atelier_api::token::{AccessToken, CreateToken, CreatedToken};

pub fn routes(routes: &mut Routes) {
    route!(routes, [token_list, token_create, token_revoke]);
}

/// One's access tokens, newest first; without the revoked ones.
#[utoipa::path(get, path = "/api/v1/me/tokens", tag = "accounts",
    responses((status = 200, body = Vec<AccessToken>)))]
async fn token_list(signed_in: SignedIn, app: web::Data<App>) -> Result<web::Json<Vec<AccessToken>>> {
    app.db.read(move |connection| Ok(web::Json(store::list(connection, &signed_in)?))).await
}

/// A new access token. Its text is in this answer only.
#[utoipa::path(post, path = "/api/v1/me/tokens", tag = "accounts", request_body = CreateToken,
    responses((status = 201, body = CreatedToken), (status = 409), (status = 422), (status = 429)))]
async fn token_create(
    signed_in: SignedIn,
    body: Valid<CreateToken>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let person = signed_in.caller().user.id.clone();
    app.tries.make_token(&person)?;
    let created = app.db.admit(move |connection| store::create(connection, &signed_in, &body.0)).await?;
    let AccessToken { id, scope, expires_at, .. } = &created.token;
    tracing::info!(token = id, %scope, expires_at, person, "an access token was made");
    Ok(HttpResponse::Created().json(created))
}

/// Revoke one. Programs that have it are refused from their next request on.
#[utoipa::path(delete, path = "/api/v1/me/tokens/{token}", tag = "accounts",
    params(("token" = String, Path, description = "Its id")), responses((status = 204)))]
async fn token_revoke(
    signed_in: SignedIn,
    id: web::Path<String>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let (person, token) = (signed_in.caller().user.id.clone(), id.clone());
    if !app.db.write(move |connection| store::revoke(connection, &signed_in, &id)).await? {
        return Err(Error::not_found());
    }
    tracing::info!(token, person, "an access token was revoked");
    Ok(HttpResponse::NoContent().finish())
}
