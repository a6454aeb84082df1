//! Datasets: data of a project.

pub use crate::artifact::{
    Artifact as Dataset, ArtifactFilter as DatasetFilter, CreateArtifact as CreateDataset,
    UpdateArtifact as UpdateDataset,
};

use crate::role::words;
use garde::Validate;
use serde::{Deserialize, Serialize};

words! {
    /// What those may do whom a dataset is shared with, as far as their roles allow it in their own project. Each
    /// includes those before.
    ShareAccess {
        Read = "read",
        Commit = "commit",
    }
}

/// The project that a dataset belongs to, and what it lets others do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedFrom {
    pub project_name: String,
    pub access: ShareAccess,
}

/// That a dataset is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatasetShare {
    pub id: String,
    /// With whom; absent for every project of the organization.
    pub project: Option<SharedWith>,
    pub access: ShareAccess,
    /// Name of who shared it.
    pub shared_by: String,
    pub shared_at: i64,
}

/// A project that a dataset is shared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedWith {
    pub slug: String,
    pub name: String,
}

/// Share a dataset, or change what a share allows.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShareDataset {
    /// The word of a project that the caller may see; absent for every project of the organization. Guests of the
    /// organization get nothing by the latter.
    #[serde(default)]
    #[garde(skip)]
    pub project: Option<String>,
    #[garde(skip)]
    pub access: ShareAccess,
}
