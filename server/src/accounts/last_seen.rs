//! When each browser was last seen, and each access token used. Kept in memory and written once a minute, so that reading a page writes
//! nothing.

use crate::access::Origin;
use crate::db::{Connection, Db, now, schema};
use crate::error::Result;
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
pub struct LastSeen(Arc<Mutex<Seen>>);

/// Times by id.
#[derive(Default)]
struct Seen {
    sign_ins: HashMap<String, i64>,
    tokens: HashMap<String, i64>,
}

impl LastSeen {
    pub fn note(&self, origin: &Origin) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match origin {
            Origin::SignIn(id) => seen.sign_ins.insert(id.clone(), now()),
            Origin::Token { id, .. } => seen.tokens.insert(id.clone(), now()),
            Origin::Workload(_) => None,
        };
    }

    /// Runs until the server ends.
    pub async fn write_regularly(self, db: Db) {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tick.tick().await;
            let seen = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
            if seen.sign_ins.is_empty() && seen.tokens.is_empty() {
                continue;
            }
            if let Err(error) = db.write(move |connection| seen.write(connection)).await {
                tracing::warn!(%error, "could not write when people were last seen");
            }
        }
    }
}

impl Seen {
    fn write(&self, connection: &mut Connection) -> Result<()> {
        use schema::{access_tokens as tokens, sign_ins};
        for (id, at) in &self.sign_ins {
            diesel::update(sign_ins::table.find(id))
                .set(sign_ins::last_seen_at.eq(at))
                .execute(connection)?;
        }
        for (id, at) in &self.tokens {
            diesel::update(tokens::table.find(id)).set(tokens::last_used_at.eq(at)).execute(connection)?;
        }
        Ok(())
    }
}
