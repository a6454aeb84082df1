//! The cookie by which a browser is known on a session's host.

use crate::config::Config;
use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

/// Browsers keep cookies by host and send them to all of its ports, so sessions on one host need names that
/// tell them apart.
fn name(config: &Config, session: &str) -> String {
    let prefix = if config.secure_cookies() { "__Host-" } else { "" };
    if config.session_ports.is_some() {
        format!("{prefix}atelier-session-{session}")
    } else {
        format!("{prefix}atelier-session")
    }
}

pub(super) fn token(request: &HttpRequest, config: &Config, session: &str) -> Option<String> {
    request.cookie(&name(config, session)).map(|cookie| cookie.value().to_owned())
}

/// Carries `token` until `seconds` have passed.
pub(super) fn carrying(config: &Config, session: &str, token: String, seconds: i64) -> Cookie<'static> {
    Cookie::build(name(config, session), token)
        .path("/")
        .http_only(true)
        .secure(config.secure_cookies())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(seconds))
        .finish()
}
