//! What has expired stays so, whatever becomes of the clock: it is taken away as soon as it is noticed.

use crate::db::{Connection, Db, now, schema};
use crate::error::Result;
use diesel::prelude::*;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(5);

/// Runs until the server ends.
pub async fn sweep_regularly(db: Db) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let swept = async {
            let now = now();
            if db.read(move |connection| any(connection, now)).await? {
                db.write(move |connection| sweep(connection, now)).await?;
            }
            Ok::<(), crate::error::Error>(())
        };
        if let Err(error) = swept.await {
            tracing::warn!(%error, "could not take away what has expired");
        }
    }
}

fn any(connection: &mut Connection, now: i64) -> Result<bool> {
    use schema::{access_tokens as tokens, one_time_links as links, sign_ins};
    let sign_ins: i64 =
        sign_ins::table.filter(sign_ins::expires_at.le(now)).count().get_result(connection)?;
    let open = links::table.filter(links::used_at.is_null()).filter(links::expires_at.le(now));
    let links: i64 = open.count().get_result(connection)?;
    let open = tokens::table.filter(tokens::revoked_at.is_null()).filter(tokens::expires_at.le(now));
    let tokens: i64 = open.count().get_result(connection)?;
    Ok(sign_ins + links + tokens > 0)
}

fn sweep(connection: &mut Connection, now: i64) -> Result<()> {
    use schema::{access_tokens as tokens, one_time_links as links, sign_ins};
    diesel::delete(sign_ins::table.filter(sign_ins::expires_at.le(now))).execute(connection)?;
    let open = links::table.filter(links::used_at.is_null()).filter(links::expires_at.le(now));
    diesel::update(open).set(links::used_at.eq(now)).execute(connection)?;
    let open = tokens::table.filter(tokens::revoked_at.is_null()).filter(tokens::expires_at.le(now));
    diesel::update(open).set(tokens::revoked_at.eq(tokens::expires_at.nullable())).execute(connection)?;
    Ok(())
}
