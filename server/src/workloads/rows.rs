//! Rows of workloads.

use crate::db::schema;
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
