//! Who sends a request.

use super::bearer::{TOKEN_PREFIX, bearer};
use super::inside::{FromWorkload, Inside};
use crate::app::App;
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use actix_web::HttpRequest;
use atelier_api::token::TokenScope;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use diesel::prelude::*;

/// A person, and how he or she comes.
#[derive(Clone, Debug)]
pub struct Caller {
    pub user: User,
    pub origin: Origin,
}

/// Where a request comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A browser; the id of its sign-in.
    SignIn(String),
    /// A program that the person gave an access token to.
    Token { id: String, scope: TokenScope },
    /// A program that runs for the person.
    Workload(Inside),
}

/// What a request brings to say who sends it.
pub(super) enum Credential {
    SignIn(String),
    Token(String),
    Workload(String),
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::users)]
pub struct User {
    pub id: String,
    pub email: String,
    pub name: String,
    pub language: String,
    pub theme: String,
    pub operator: bool,
}

impl Credential {
    /// What comes over a workload's socket comes from that workload, whatever else it carries. Who brings an
    /// access token, be it a wrong one, does not come with a cookie.
    ///
    /// # Errors
    /// Not signed in.
    pub(super) fn of(request: &HttpRequest, app: &App) -> Result<Credential> {
        if let Some(FromWorkload(id)) = request.conn_data::<FromWorkload>() {
            return Ok(Credential::Workload(id.clone()));
        }
        match bearer(request.headers()) {
            Some(token) if token.starts_with(TOKEN_PREFIX) => Ok(Credential::Token(token.to_owned())),
            Some(_) => Err(Error::token_ended()),
            None => sign_in_token(request, app).map(Credential::SignIn).ok_or_else(Error::not_signed_in),
        }
    }
}

impl Caller {
    /// Who this is now.
    ///
    /// # Errors
    /// Nobody, or nobody any more.
    pub(super) fn by(connection: &mut Connection, credential: &Credential, now: i64) -> Result<Caller> {
        match credential {
            Credential::SignIn(token) => Caller::by_sign_in(connection, token, now),
            Credential::Token(token) => Caller::by_token(connection, token, now),
            Credential::Workload(id) => {
                let (inside, user) = Inside::of(connection, id)?;
                Ok(Caller { user, origin: Origin::Workload(inside) })
            }
        }
    }

    /// The sign-in.
    ///
    /// # Errors
    /// If the caller has none, because it is a program.
    pub fn sign_in_id(&self) -> Result<&str> {
        match &self.origin {
            Origin::SignIn(id) => Ok(id),
            Origin::Token { .. } => Err(Error::not_by_token()),
            Origin::Workload(_) => Err(Error::not_from_inside()),
        }
    }

    /// Whose sign-in has this token, if it is valid now.
    ///
    /// # Errors
    /// Not signed in.
    fn by_sign_in(connection: &mut Connection, token: &str, now: i64) -> Result<Caller> {
        use schema::{sign_ins, users};
        let found = sign_ins::table
            .inner_join(users::table)
            .filter(sign_ins::token_hash.eq(hash_token(token)))
            .filter(sign_ins::expires_at.gt(now))
            .select((sign_ins::id, User::as_select()))
            .first::<(String, User)>(connection)
            .optional()?;
        let (sign_in_id, user) = found.ok_or_else(Error::not_signed_in)?;
        Ok(Caller { user, origin: Origin::SignIn(sign_in_id) })
    }

    /// Who gave out this access token, if it is valid now.
    ///
    /// # Errors
    /// It is not, or never was.
    fn by_token(connection: &mut Connection, token: &str, now: i64) -> Result<Caller> {
        use schema::{access_tokens as tokens, users};
        let found = tokens::table
            .inner_join(users::table)
            .filter(tokens::token_hash.eq(hash_token(token)))
            .filter(tokens::revoked_at.is_null())
            .filter(tokens::expires_at.gt(now))
            .select((tokens::id, tokens::scope, User::as_select()))
            .first::<(String, String, User)>(connection)
            .optional()?;
        let (id, scope, user) = found.ok_or_else(Error::token_ended)?;
        // A word that we did not write opens nothing.
        let scope = scope.parse().map_err(|_| Error::token_ended())?;
        Ok(Caller { user, origin: Origin::Token { id, scope } })
    }
}

/// The token of the sign-in that a request brings, if any.
pub fn sign_in_token(request: &HttpRequest, app: &App) -> Option<String> {
    request.cookie(cookie::name(app)).map(|found| found.value().to_owned())
}

/// 256 random bits.
pub fn new_token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// What the database keeps of a token. Tokens are random, so a plain fast hash is enough.
pub fn hash_token(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}

/// The cookie of a signed-in browser.
pub mod cookie {
    use super::App;
    use actix_web::cookie::time::Duration;
    use actix_web::cookie::{Cookie, SameSite};

    /// With the `__Host-` prefix wherever the browser treats the address as secure.
    pub fn name(app: &App) -> &'static str {
        if app.config.secure_cookies() { "__Host-atelier" } else { "atelier" }
    }

    /// Carries `token` until `seconds` have passed.
    pub fn carrying(app: &App, token: String, seconds: i64) -> Cookie<'static> {
        Cookie::build(name(app), token)
            .path("/")
            .http_only(true)
            .secure(app.config.secure_cookies())
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(seconds))
            .finish()
    }

    /// Makes the browser forget the token.
    pub fn forgotten(app: &App) -> Cookie<'static> {
        carrying(app, String::new(), 0)
    }
}
