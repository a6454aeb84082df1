//! The members of a project.

use crate::custom_role::CustomRoleName;
use crate::group::GroupName;
use crate::role::ProjectRole;
use garde::Validate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// The person's id.
    pub person: String,
    pub name: String,
    pub email: String,
    /// The role of his or her own; absent for who is here through groups only. With a custom role: the one
    /// that it began as.
    pub role: Option<ProjectRole>,
    /// What he or she may do is this role's, not `role`'s, if it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<CustomRoleName>,
    /// Since when, with a role of his or her own.
    pub since: Option<i64>,
    /// The groups through which he or she has further roles here, by name.
    pub groups: Vec<GroupName>,
    /// Of the role of his or her own.
    pub version: i64,
}

/// A person of the organization who could become a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    pub person: String,
    pub name: String,
    pub email: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// The person's id.
    #[garde(length(max = 64))]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub person: String,
    #[garde(skip)]
    pub role: ProjectRole,
    /// Id of a custom role, which then decides instead of `role`.
    #[serde(default)]
    #[garde(inner(length(max = 64)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub custom_role: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateMember {
    #[garde(skip)]
    pub role: ProjectRole,
    /// Id of a custom role, which then decides instead of `role`.
    #[serde(default)]
    #[garde(inner(length(max = 64)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub custom_role: Option<String>,
}
