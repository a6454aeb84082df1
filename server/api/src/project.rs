//! Projects.

use crate::money::Micros;
use crate::role::{Permission, ProjectRole};
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    pub id: String,
    /// The word in the address; stays when the name changes.
    pub slug: String,
    pub name: String,
    pub description: String,
    pub archived_at: Option<i64>,
    pub created_at: i64,
    /// The caller's role here, the first of several; absent for an administrator who is not a member.
    pub role: Option<ProjectRole>,
    /// People with a role here, of their own or through groups.
    pub members: i64,
    /// Sessions that run now.
    pub running: i64,
    /// Spent by everybody this month (UTC); absent if the caller may not see it.
    pub month: Option<Micros>,
    /// What the caller may do here.
    pub permissions: Vec<Permission>,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateProject {
    #[garde(custom(validate::name))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: String,
    #[serde(default)]
    #[garde(custom(validate::description))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub description: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateProject {
    #[serde(default)]
    #[garde(inner(custom(validate::name)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: Option<String>,
    #[serde(default)]
    #[garde(inner(custom(validate::description)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub description: Option<String>,
    #[serde(default)]
    #[garde(skip)]
    pub archived: Option<bool>,
}

/// What a list of projects can be narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ProjectFilter {
    /// Part of the name or description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The archived ones instead of the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
