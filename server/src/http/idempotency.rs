//! A request that costs money can be repeated safely: with the same `Idempotency-Key` it is done once.

use crate::db::{Connection, now, schema::idempotency_keys as keys};
use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use diesel::prelude::*;
use std::future::{Ready, ready};

const HEADER: &str = "idempotency-key";
const LONGEST: usize = 255;

/// What the caller chose to name the attempt, if anything.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<IdempotencyKey>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(HEADER) else { return ready(Ok(IdempotencyKey(None))) };
        let wrong = || {
            let detail = format!("Idempotency-Key must be 1 to {LONGEST} visible ASCII characters.");
            Error::bad_request("idempotency-key", detail)
        };
        let key = value.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST);
        ready(key.map(|key| IdempotencyKey(Some(key.to_owned()))).ok_or_else(wrong))
    }
}

impl IdempotencyKey {
    /// What the first attempt of this person under this key made, by id.
    pub fn made_before(&self, connection: &mut Connection, user_id: &str) -> Result<Option<String>> {
        let Some(key) = &self.0 else { return Ok(None) };
        Ok(keys::table.find((user_id, key)).select(keys::made).first(connection).optional()?)
    }

    /// Keeps what this attempt made, in the transaction that made it.
    pub fn keep(&self, connection: &mut Connection, user_id: &str, made: &str) -> Result<()> {
        let Some(key) = &self.0 else { return Ok(()) };
        diesel::insert_into(keys::table)
            .values((
                keys::user_id.eq(user_id),
                keys::idempotency_key.eq(key),
                keys::made.eq(made),
                keys::created_at.eq(now()),
            ))
            .execute(connection)?;
        Ok(())
    }
}
