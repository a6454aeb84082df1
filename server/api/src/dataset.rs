//! Datasets: data of a project under a name, every version of it kept.

use crate::data::DataVersion;
use crate::role::{Action, words};
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dataset {
    pub id: String,
    /// The word in the address, and in programs; stays when the name changes.
    pub slug: String,
    pub name: String,
    pub description: String,
    /// Words to find it by, in order.
    pub labels: Vec<String>,
    /// Name of who made it.
    pub created_by: String,
    pub created_at: i64,
    /// Since when it is in the trash.
    pub trashed_at: Option<i64>,
    /// When the trash forgets it.
    pub removed_at: Option<i64>,
    /// Its versions, without those in the trash.
    pub versions: i64,
    /// The newest of them.
    pub latest: Option<DataVersion>,
    /// What the caller may do with it.
    pub permissions: Vec<Action>,
    /// Where it is from, if it is another project's: its address here is `<project>.<dataset>` then.
    pub shared_from: Option<SharedFrom>,
    pub version: i64,
}

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

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateDataset {
    #[garde(custom(validate::name))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: String,
    #[serde(default)]
    #[garde(custom(validate::description))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub description: String,
    #[serde(default)]
    #[garde(length(max = 20), inner(custom(validate::label)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub labels: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateDataset {
    #[serde(default)]
    #[garde(inner(custom(validate::name)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: Option<String>,
    #[serde(default)]
    #[garde(inner(custom(validate::description)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub description: Option<String>,
    /// Replaces them all.
    #[serde(default)]
    #[garde(inner(length(max = 20), inner(custom(validate::label))))]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub labels: Option<Vec<String>>,
}

/// What a list of datasets can be narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct DatasetFilter {
    /// Part of the name, the description or a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Those in the trash instead of the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trashed: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
