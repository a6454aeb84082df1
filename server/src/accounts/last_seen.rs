//! When each browser was last seen. Kept in memory and written once a minute, so that reading a page writes
//! nothing.

use crate::db::{Db, now, schema::sign_ins};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
pub struct LastSeen(Arc<Mutex<HashMap<String, i64>>>);

impl LastSeen {
    pub fn note(&self, sign_in_id: &str) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(sign_in_id.to_owned(), now());
    }

    /// Runs until the server ends.
    pub async fn write_regularly(self, db: Db) {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tick.tick().await;
            let seen = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
            if seen.is_empty() {
                continue;
            }
            let written = db.write(move |connection| {
                for (id, at) in &seen {
                    diesel::update(sign_ins::table.find(id))
                        .set(sign_ins::last_seen_at.eq(at))
                        .execute(connection)?;
                }
                Ok(())
            });
            if let Err(error) = written.await {
                tracing::warn!(%error, "could not write when people were last seen");
            }
        }
    }
}
