//! Connections that stay open (event streams, proxied sockets) end when their right does.
//!
//! Every [`EVERY`] one pass asks for all open connections whether they still may be; one that may not is
//! cancelled. A database that does not answer proves nothing: connections then stay as they are.

use crate::db::{Connection, Db, now};
use crate::error::Result;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Revocation is felt within twice this.
const EVERY: Duration = Duration::from_secs(2);

/// Whether one connection may go on.
type StillMay = Arc<dyn Fn(&mut Connection, i64) -> Result<bool> + Send + Sync>;

/// The connections open in this server.
#[derive(Clone, Default)]
pub struct Live {
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    next: u64,
    connections: HashMap<u64, (StillMay, CancellationToken)>,
}

/// A registered connection; dropping it takes it off the list.
pub struct LiveConnection {
    live: Live,
    number: u64,
    token: CancellationToken,
}

impl Live {
    /// `still_may` is asked again and again with the time, until the result is dropped.
    pub fn register(
        &self,
        still_may: impl Fn(&mut Connection, i64) -> Result<bool> + Send + Sync + 'static,
    ) -> LiveConnection {
        let token = CancellationToken::new();
        let mut open = self.lock();
        open.next += 1;
        let number = open.next;
        open.connections.insert(number, (Arc::new(still_may), token.clone()));
        drop(open);
        LiveConnection { live: self.clone(), number, token }
    }

    /// Runs until the server ends.
    pub async fn watch(self, db: Db) {
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let connections: Vec<_> = self.lock().connections.values().cloned().collect();
            if connections.is_empty() {
                continue;
            }
            let pass = db.read(move |connection| {
                for (still_may, token) in connections {
                    // One that cannot be answered must not keep the others from being asked.
                    match still_may(connection, now()) {
                        Ok(true) => {}
                        Ok(false) => token.cancel(),
                        Err(error) => tracing::warn!(%error, "could not check an open connection"),
                    }
                }
                Ok(())
            });
            if let Err(error) = pass.await {
                tracing::warn!(%error, "could not check the open connections");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LiveConnection {
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Done when the connection must end.
    pub fn cancelled(&self) -> tokio_util::sync::WaitForCancellationFutureOwned {
        self.token.clone().cancelled_owned()
    }
}

impl Drop for LiveConnection {
    fn drop(&mut self) {
        self.live.lock().connections.remove(&self.number);
    }
}
