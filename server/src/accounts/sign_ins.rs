//! Rows of sign-ins: one per browser, with a token of its own.

use crate::access::{cookie, hash_token, new_token, sign_in_token};
use crate::app::App;
use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use crate::http::client;
use actix_web::http::StatusCode;
use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse};
use atelier_api::account::{Me, OpenSignIn};
use diesel::prelude::*;
use std::net::IpAddr;

/// Longer descriptions of browsers are cut, in characters.
const USER_AGENT_MAX: usize = 300;
const DAY_MS: i64 = 86_400_000;

/// The browser, or other client, that wants to sign in.
#[derive(Clone)]
pub struct Browser {
    user_agent: String,
    pub address: IpAddr,
    /// Of its sign-in so far.
    token: Option<String>,
    /// How long a sign-in lasts.
    days: u32,
}

impl Browser {
    pub fn of(request: &HttpRequest, app: &App) -> Browser {
        let user_agent = request.headers().get(USER_AGENT).map(|value| value.as_bytes()).unwrap_or_default();
        Browser {
            user_agent: String::from_utf8_lossy(user_agent).chars().take(USER_AGENT_MAX).collect(),
            address: client::address(request.peer_addr(), request.headers(), &app.config.trusted_proxies),
            token: sign_in_token(request, app),
            days: app.config.sign_in_days,
        }
    }
}

/// Signs a person in under a new token, which is returned. The browser's sign-in so far ends, and so do the
/// person's expired ones.
pub fn open(connection: &mut Connection, user_id: &str, browser: &Browser) -> Result<String> {
    use schema::sign_ins;
    let (token, now) = (new_token(), now());
    diesel::delete(
        sign_ins::table.filter(sign_ins::user_id.eq(user_id)).filter(sign_ins::expires_at.le(now)),
    )
    .execute(connection)?;
    if let Some(before) = &browser.token {
        diesel::delete(sign_ins::table.filter(sign_ins::token_hash.eq(hash_token(before))))
            .execute(connection)?;
    }
    diesel::insert_into(sign_ins::table)
        .values((
            sign_ins::id.eq(new_id()),
            sign_ins::user_id.eq(user_id),
            sign_ins::token_hash.eq(hash_token(&token)),
            sign_ins::user_agent.eq(&browser.user_agent),
            sign_ins::address.eq(browser.address.to_string()),
            sign_ins::created_at.eq(now),
            sign_ins::last_seen_at.eq(now),
            sign_ins::expires_at.eq(now + i64::from(browser.days) * DAY_MS),
        ))
        .execute(connection)?;
    Ok(token)
}

/// The answer that makes the browser keep the token.
pub fn answer(app: &App, status: StatusCode, me: &Me, token: String) -> HttpResponse {
    let seconds = i64::from(app.config.sign_in_days) * DAY_MS / 1000;
    HttpResponse::build(status).cookie(cookie::carrying(app, token, seconds)).json(me)
}

/// A person's sign-ins that have not expired, newest first.
pub fn list(connection: &mut Connection, user_id: &str, current: &str) -> Result<Vec<OpenSignIn>> {
    use schema::sign_ins;
    type Row = (String, String, String, i64, i64);
    let rows: Vec<Row> = sign_ins::table
        .filter(sign_ins::user_id.eq(user_id))
        .filter(sign_ins::expires_at.gt(now()))
        .order(sign_ins::created_at.desc())
        .select((
            sign_ins::id,
            sign_ins::user_agent,
            sign_ins::address,
            sign_ins::created_at,
            sign_ins::last_seen_at,
        ))
        .load(connection)?;
    let to_api = |(id, user_agent, address, created_at, last_seen_at): Row| {
        let current = id == current;
        OpenSignIn { id, current, user_agent, address, created_at, last_seen_at }
    };
    Ok(rows.into_iter().map(to_api).collect())
}

/// Ends one of a person's sign-ins; tells whether there was one.
pub fn end(connection: &mut Connection, user_id: &str, id: &str) -> Result<bool> {
    use schema::sign_ins;
    let one = sign_ins::table.find(id).filter(sign_ins::user_id.eq(user_id));
    Ok(diesel::delete(one).execute(connection)? > 0)
}

/// Ends a person's sign-ins, all or all but one.
pub fn end_all(connection: &mut Connection, user_id: &str, except: Option<&str>) -> Result<()> {
    use schema::sign_ins;
    let theirs = sign_ins::table.filter(sign_ins::user_id.eq(user_id));
    diesel::delete(theirs.filter(sign_ins::id.ne(except.unwrap_or_default()))).execute(connection)?;
    Ok(())
}
