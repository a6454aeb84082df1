//! Uploads that nobody goes on with. For the server, which acts for nobody.

use super::rows;
use crate::app::App;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use actix_web::web;
use diesel::prelude::*;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(60);
/// Rows that one transaction removes.
const BATCH: i64 = 500;

/// Runs until the server ends. What was sent is garbage then.
pub async fn expire_regularly(app: web::Data<App>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = expire(&app).await {
            tracing::warn!(%error, "could not remove uploads that have expired");
        }
    }
}

async fn expire(app: &App) -> Result<()> {
    while !app.db.read(ended).await?.is_empty() {
        let removed = app.db.write(|connection| {
            let ended = ended(connection)?;
            rows::remove(connection, &ended)?;
            Ok(ended)
        });
        removed.await?.iter().for_each(|id| app.uploads.forget(id));
    }
    Ok(())
}

fn ended(connection: &mut Connection) -> Result<Vec<String>> {
    use schema::uploads;
    let ended = uploads::table.filter(uploads::expires_at.le(now()));
    Ok(ended.select(uploads::id).limit(BATCH).load(connection)?)
}
