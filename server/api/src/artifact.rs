//! What a project keeps under a name with every version of it: datasets and models.

use crate::data::DataVersion;
use crate::dataset::SharedFrom;
use crate::role::Action;
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

/// A dataset or a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Artifact {
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
    /// Where it is from, if it is another project's: its address here is `<project>.<its word>` then. Datasets can be
    /// shared, models cannot.
    pub shared_from: Option<SharedFrom>,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateArtifact {
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
pub struct UpdateArtifact {
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

/// What a list of them can be narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ArtifactFilter {
    /// Part of the name, the description or a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Those in the trash instead of the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trashed: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
