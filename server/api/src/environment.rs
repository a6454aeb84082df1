//! Environments: what a session's container holds.

use crate::role::words;
use serde::{Deserialize, Serialize};

words! {
    EnvironmentState {
        /// Never built on this host.
        Absent = "absent",
        Building = "building",
        Ready = "ready",
        Failed = "failed",
        /// Somebody broke the last build off.
        Cancelled = "cancelled",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Environment {
    /// The word in the address: `python-data-science`.
    pub id: String,
    pub name: String,
    pub description: String,
    pub revision: i64,
    pub state: EnvironmentState,
    pub tools: Vec<EnvironmentTool>,
    pub built_at: Option<i64>,
    /// Digest of the image that starts use.
    pub image: Option<String>,
    pub size_bytes: Option<i64>,
    /// Why the last build failed, in a sentence.
    pub failure: Option<String>,
    /// Name of who broke the last build off. Absent if that is nobody of this organization.
    pub cancelled_by: Option<String>,
}

/// A tool that sessions of the environment can run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentTool {
    /// `jupyterlab`
    pub id: String,
    /// `JupyterLab`
    pub name: String,
}

/// The last lines of a build's log, and whether more will come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BuildLog {
    pub state: EnvironmentState,
    pub started_at: Option<i64>,
    pub lines: Vec<String>,
}
