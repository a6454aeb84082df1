//! In and out.

use super::sign_ins::{self, Browser};
use super::{me, users};
use crate::access::{Public, Routes, SignedIn, cookie, route};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::body::Valid;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use atelier_api::account::{Me, SignIn};

pub fn routes(routes: &mut Routes) {
    route!(routes, [sign_in, sign_out]);
}

/// Sign in with address and password.
///
/// An unknown address, a wrong password and a disabled account get the same answer after the same work. Who is
/// disabled everywhere gets in with an open invitation only, to accept it.
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "accounts", request_body = SignIn,
    responses((status = 200, body = Me), (status = 401), (status = 429)))]
async fn sign_in(
    _: Public,
    body: Valid<SignIn>,
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let SignIn { email, password, invitation } = body.0;
    let email_key = users::email_key(&email);
    let browser = Browser::of(&request, &app);
    let attempt = app.tries.begin(browser.address, &email_key)?;
    let (key, token) = (email_key.clone(), invitation.clone());
    let known = app.db.read(move |connection| users::for_sign_in(connection, &key, token.as_deref())).await?;
    let hash = known.map(|(_, hash)| hash);
    if !app.passwords.verify(password, hash.clone()).await? {
        return Err(wrong());
    }
    app.tries.succeeded(attempt);
    let (me, token) = app
        .db
        .admit(move |connection| {
            // The account may have changed while the password was being checked.
            let known = users::for_sign_in(connection, &email_key, invitation.as_deref())?;
            let (user, now) = known.ok_or_else(wrong)?;
            if hash.as_ref() != Some(&now) {
                return Err(wrong());
            }
            let token = sign_ins::open(connection, &user.id, &browser)?;
            Ok((me::describe(connection, &user)?, token))
        })
        .await?;
    Ok(sign_ins::answer(&app, StatusCode::OK, &me, token))
}

fn wrong() -> Error {
    Error::status(
        StatusCode::UNAUTHORIZED,
        "wrong-credentials",
        "The e-mail address or the password is wrong.",
    )
}

/// Sign this browser out.
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "accounts", responses((status = 204)))]
async fn sign_out(signed_in: SignedIn, app: web::Data<App>) -> Result<HttpResponse> {
    app.db
        .write(move |connection| {
            let caller = signed_in.caller();
            sign_ins::end(connection, &caller.user.id, caller.sign_in_id()?)
        })
        .await?;
    Ok(HttpResponse::NoContent().cookie(cookie::forgotten(&app)).finish())
}
