//! What only one of the servers on a database does at a time. No clock is compared: the holder's row beats,
//! and who has not seen it beat for [`PATIENCE`] by its own clock may take it, under the next fence.
//!
//! On SQLite there is one server, which the lock on its files sees to, and it always holds everything.

mod store;

pub use store::is_current;

use crate::db::Db;
use crate::error::Result;
use anyhow::Context;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::Row;
use tokio::sync::watch;
use tokio::time::Instant;

/// Between two beats of the holder, and between two looks of the others.
const BEAT: Duration = Duration::from_secs(1);
/// A row that did not beat for so long has no holder any more.
const PATIENCE: Duration = Duration::from_secs(7);
/// The holder itself gives up sooner, so that there are never two.
const CERTAIN: Duration = Duration::from_secs(5);

/// One lease, as this server has it.
#[derive(Clone)]
pub struct Lease(Arc<Inner>);

struct Inner {
    name: &'static str,
    /// The same for every server that ever runs on this data folder.
    holder: String,
    held: watch::Sender<Option<Held>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    fence: i64,
    /// `None`: for ever.
    until: Option<Instant>,
}

/// Who this server is to others: kept in its data folder, which is locked, so that a server that was killed
/// and started again need not wait for itself.
///
/// # Errors
/// If the folder cannot be read or written.
pub fn server_id(data_dir: &Path) -> anyhow::Result<String> {
    let path = data_dir.join("server-id");
    let named = || format!("cannot use {}", path.display());
    if path.exists() {
        return Ok(std::fs::read_to_string(&path).with_context(named)?.trim().to_owned());
    }
    let id = crate::db::new_id();
    std::fs::write(&path, &id).with_context(named)?;
    Ok(id)
}

impl Lease {
    /// `holder`: who this server is. It holds nothing before [`Lease::keep`].
    pub fn new(name: &'static str, holder: String) -> Lease {
        Lease(Arc::new(Inner { name, holder, held: watch::Sender::new(None) }))
    }

    /// The fence under which this server holds it now.
    pub fn fence(&self) -> Option<i64> {
        let held = *self.0.held.borrow();
        held.filter(|held| held.until.is_none_or(|until| Instant::now() < until)).map(|held| held.fence)
    }

    /// Whether this server knows that it does not hold it; without the database it knows nothing.
    pub fn is_anothers(&self) -> bool {
        self.0.held.borrow().is_none()
    }

    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// Waits until this server holds it.
    pub async fn gained(&self) {
        let mut held = self.0.held.subscribe();
        // The sender lives in `self`.
        held.wait_for(Option::is_some).await.ok();
    }

    /// Waits until this server, which holds it, does not any more.
    pub async fn lost(&self) {
        let mut held = self.0.held.subscribe();
        while self.fence().is_some() {
            tokio::time::timeout(BEAT, held.changed()).await.ok();
        }
    }

    /// Tries to get it and to keep it, until the server ends.
    pub async fn keep(self, db: Db) {
        if db.is_sqlite() {
            self.0.held.send_replace(Some(Held { fence: 1, until: None }));
            return;
        }
        let mut watched: Option<(Row, Instant)> = None;
        loop {
            let asked = Instant::now();
            match self.beat(&db, &mut watched).await {
                Ok(Some(fence)) => {
                    if self.fence() != Some(fence) {
                        tracing::info!(lease = self.0.name, fence, "this server has the lease");
                    }
                    self.0.held.send_replace(Some(Held { fence, until: Some(asked + CERTAIN) }));
                }
                Ok(None) if self.0.held.send_replace(None).is_some() => {
                    tracing::warn!(lease = self.0.name, "another server has taken the lease");
                }
                Ok(None) => {}
                // What is held ends by itself if this goes on.
                Err(error) => tracing::debug!(lease = self.0.name, %error, "no beat"),
            }
            tokio::time::sleep(BEAT).await;
        }
    }

    /// Beats if this server holds it, takes it if nobody else does. Gives the fence if it is held.
    async fn beat(&self, db: &Db, watched: &mut Option<(Row, Instant)>) -> Result<Option<i64>> {
        let (name, holder) = (self.0.name, self.0.holder.clone());
        let held = *self.0.held.borrow();
        if let Some(held) = held {
            let beats = {
                let holder = holder.clone();
                db.write(move |connection| store::beat(connection, name, &holder, held.fence)).await?
            };
            if beats {
                return Ok(Some(held.fence));
            }
        }
        let row = db.read(move |connection| store::get(connection, name)).await?;
        if let Some(row) = &row
            && row.holder != holder
        {
            match watched {
                Some((seen, since)) if seen == row => {
                    if since.elapsed() < PATIENCE {
                        return Ok(None);
                    }
                }
                _ => {
                    *watched = Some((row.clone(), Instant::now()));
                    return Ok(None);
                }
            }
        }
        *watched = None;
        db.admit(move |connection| store::take(connection, name, &holder, row.as_ref())).await
    }
}

#[cfg(test)]
mod tests;
