//! The cookie by which a browser is known on a session's host.

use crate::config::Config;
use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

fn name(config: &Config) -> &'static str {
    if config.secure_cookies() { "__Host-atelier-session" } else { "atelier-session" }
}

pub(super) fn token(request: &HttpRequest, config: &Config) -> Option<String> {
    request.cookie(name(config)).map(|cookie| cookie.value().to_owned())
}

/// Carries `token` until `seconds` have passed.
pub(super) fn carrying(config: &Config, token: String, seconds: i64) -> Cookie<'static> {
    Cookie::build(name(config), token)
        .path("/")
        .http_only(true)
        .secure(config.secure_cookies())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(seconds))
        .finish()
}
