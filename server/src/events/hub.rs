//! Changes inside this server, before anybody's permission is asked.

use tokio::sync::broadcast;

/// What changed. Carries ids only: each listener's stream reads what its person may see.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// Who listens too slowly loses events and is told so.
const BACKLOG: usize = 1024;

#[derive(Clone)]
pub struct Hub(broadcast::Sender<Change>);

impl Default for Hub {
    fn default() -> Hub {
        Hub(broadcast::Sender::new(BACKLOG))
    }
}

impl Hub {
    /// Tells everybody. Call it after the change is committed.
    pub fn tell(&self, change: Change) {
        // Nobody listening is no error.
        self.0.send(change).ok();
    }

    pub fn listeners(&self) -> usize {
        self.0.receiver_count()
    }

    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}
