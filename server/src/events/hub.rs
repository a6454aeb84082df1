//! Changes, of this server and of others on the same database, before anybody's permission is asked.

use super::elsewhere::{self, Ours};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use tokio::sync::{Notify, broadcast};

/// What changed. Carries ids only: each listener's stream reads what its person may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    Session {
        project_id: String,
        session_id: String,
    },
    SessionDeleted {
        project_id: String,
        session_id: String,
    },
    Projects {
        organization_id: String,
    },
    Project {
        project_id: String,
    },
    Members {
        project_id: String,
    },
    /// Datasets of a project, or versions of one of them.
    Datasets {
        project_id: String,
    },
    /// Versions of a project's files.
    Files {
        project_id: String,
    },
    /// Models of a project, or versions of one of them.
    Models {
        project_id: String,
    },
    /// Versions of a project's results.
    Results {
        project_id: String,
    },
    People {
        organization_id: String,
    },
    Tiers {
        organization_id: String,
    },
    Environment {
        id: String,
    },
    BuildLine {
        environment: String,
        line: String,
    },
    /// Somebody's spending.
    Spend {
        organization_id: String,
        user_id: String,
    },
    /// Something that this server did not hear of.
    Missed,
}

/// Who listens too slowly loses events and is told so.
const BACKLOG: usize = 1024;

/// Changes that wait to be told to other servers.
const QUEUE: usize = 4096;

#[derive(Clone)]
pub struct Hub {
    here: broadcast::Sender<Change>,
    /// To the other servers; absent where there can be none.
    elsewhere: Option<SyncSender<Change>>,
    /// Set when there was no room for one.
    lost: Arc<AtomicBool>,
    /// Told when workloads of another server's making may be waiting.
    woken: Arc<Notify>,
}

impl Default for Hub {
    fn default() -> Hub {
        Hub {
            here: broadcast::Sender::new(BACKLOG),
            elsewhere: None,
            lost: Arc::default(),
            woken: Arc::default(),
        }
    }
}

impl Hub {
    /// A hub that hears of other servers on the PostgreSQL at `url`, too.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn shared(url: String) -> std::io::Result<Hub> {
        let (sender, changes) = sync_channel(QUEUE);
        let hub = Hub { elsewhere: Some(sender), ..Hub::default() };
        let here = Hub { elsewhere: None, ..hub.clone() };
        let ours = Ours { changes, lost: hub.lost.clone() };
        let from = crate::db::new_id();
        std::thread::Builder::new()
            .name("other-servers".to_owned())
            .spawn(move || elsewhere::carry(&url, &here, &from, &ours))?;
        Ok(hub)
    }

    /// Tells everybody. Call it after the change is committed.
    pub fn tell(&self, change: Change) {
        if let Some(elsewhere) = &self.elsewhere
            && elsewhere.try_send(change.clone()).is_err()
        {
            // PostgreSQL does not answer: pages there fetch anew once it does.
            self.lost.store(true, Ordering::Relaxed);
        }
        self.tell_here(change);
    }

    /// Tells whoever is connected to this server.
    pub(super) fn tell_here(&self, change: Change) {
        // Nobody listening is no error.
        self.here.send(change).ok();
    }

    /// Another server tells it.
    pub(super) fn tell_here_from_elsewhere(&self, change: Change) {
        let wakes = matches!(
            change,
            Change::Session { .. }
                | Change::SessionDeleted { .. }
                | Change::Environment { .. }
                | Change::Missed
        );
        self.tell_here(change);
        if wakes {
            self.woken.notify_one();
        }
    }

    pub fn listeners(&self) -> usize {
        self.here.receiver_count()
    }

    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.here.subscribe()
    }

    /// Waits until another server may have left something to do.
    pub async fn woken_from_elsewhere(&self) {
        self.woken.notified().await;
    }
}
