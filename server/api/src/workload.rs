//! What a program inside a workload may know of itself.

use serde::{Deserialize, Serialize};

/// The workload that asks, and the person for whom it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workload {
    pub id: String,
    /// `session`.
    pub kind: String,
    pub name: String,
    /// Counts its starts.
    pub generation: i64,
    /// Slug.
    pub organization: String,
    pub organization_name: String,
    /// Slug.
    pub project: String,
    pub project_name: String,
    /// Whose rights its requests have.
    pub person: String,
    pub person_name: String,
    pub environment: String,
    pub tool: String,
    pub tier: String,
    pub tier_name: String,
    pub cpu_milli: i64,
    pub memory_bytes: i64,
    /// The data that it was started with.
    pub data: Vec<WorkloadData>,
}

/// A dataset of the workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkloadData {
    /// Slug.
    pub dataset: String,
    /// The version that it was at the start.
    pub number: i64,
    /// Names what that holds.
    pub root: String,
    /// The folder in the container; absent if it is only to be had through the API.
    pub path: Option<String>,
}
