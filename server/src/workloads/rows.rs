//! Rows of workloads.

use crate::db::schema;
use atelier_api::session::{AliveReason, SessionState};
use diesel::prelude::*;

/// The kind of workload that is a person's session.
pub const SESSION: &str = "session";

/// What should be.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schema::workloads)]
pub struct WorkloadRow {
    pub id: String,
    pub kind: String,
    pub organization_id: String,
    pub project_id: String,
    pub owner_id: String,
    pub name: String,
    pub environment_id: String,
    pub tool: String,
    /// `running`, `stopped` or `deleted`.
    pub wanted: String,
    /// Why it should no longer run.
    pub stop_cause: Option<String>,
    /// Counts the starts; part of the container's name.
    pub generation: i64,
    pub created_at: i64,
    pub wanted_at: i64,
}

/// What is, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schema::workload_status)]
pub struct StatusRow {
    pub state: String,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub end_cause: Option<String>,
    pub failure_code: Option<String>,
    pub failure_detail: Option<String>,
    /// JSON of [`AliveReason`].
    pub alive: String,
    pub last_active_at: i64,
    pub idle_warned_at: Option<i64>,
    pub oom_at: Option<i64>,
    pub oom_used_bytes: Option<i64>,
    pub oom_limit_bytes: Option<i64>,
}

impl StatusRow {
    /// A word that we did not write says nothing.
    pub fn state(&self) -> SessionState {
        self.state.parse().unwrap_or(SessionState::Unknown)
    }

    /// Whether the end has been written down.
    pub fn is_final(&self) -> bool {
        matches!(self.state(), SessionState::Stopped | SessionState::Failed)
    }

    pub fn alive(&self) -> AliveReason {
        serde_json::from_str(&self.alive).unwrap_or(AliveReason::Nothing)
    }
}

/// A reason as its column holds it.
pub fn alive_json(reason: &AliveReason) -> String {
    // Plain words and strings always serialize.
    serde_json::to_string(reason).unwrap_or_default()
}

/// One start: who asked, what size at what price.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::workload_starts)]
pub struct StartRow {
    pub workload_id: String,
    pub generation: i64,
    pub asked_by: String,
    pub asked_at: i64,
    pub tier_id: String,
    pub tier_name: String,
    pub cpu_milli: i64,
    pub memory_bytes: i64,
    pub price_micros: i64,
    /// Digest of the image; set when the environment is ready.
    pub image: Option<String>,
}
