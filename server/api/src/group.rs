//! Groups of an organization's people, who are given roles together.

use crate::custom_role::CustomRoleName;
use crate::role::ProjectRole;
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Group {
    pub id: String,
    pub name: String,
    pub description: String,
    /// How many belong to it, the disabled ones too.
    pub people: i64,
    /// In how many projects it has a role.
    pub projects: i64,
    pub created_at: i64,
    pub version: i64,
}

/// A group with all that goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupDetail {
    pub group: Group,
    /// By name.
    pub people: Vec<GroupPerson>,
    /// By name.
    pub projects: Vec<GroupProject>,
    /// Sizes that it may start by name.
    pub tiers: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupPerson {
    /// The person's id.
    pub person: String,
    pub name: String,
    pub email: String,
    /// Disabled in the organization: the group gives him or her nothing then.
    pub disabled: bool,
    pub since: i64,
}

/// A project in which a group has a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupProject {
    pub slug: String,
    pub name: String,
    /// With a custom role: the one that it began as.
    pub role: ProjectRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<CustomRoleName>,
}

/// A group, as others show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupName {
    pub id: String,
    pub name: String,
}

/// Makes a group, or changes name and description of one.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveGroup {
    #[garde(custom(validate::name))]
    pub name: String,
    #[serde(default)]
    #[garde(custom(validate::description))]
    pub description: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddGroupPerson {
    /// The person's id.
    #[garde(length(max = 64))]
    pub person: String,
}

/// A group in a project: everybody in it has the role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectGroup {
    /// The group's id.
    pub group: String,
    pub name: String,
    /// How many people of the group are not disabled.
    pub people: i64,
    /// With a custom role: the one that it began as.
    pub role: ProjectRole,
    /// What they may do is this role's, not `role`'s, if it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<CustomRoleName>,
    pub since: i64,
    pub version: i64,
}

/// A group that could be given a role in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupCandidate {
    /// The group's id.
    pub group: String,
    pub name: String,
    pub description: String,
    pub people: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddProjectGroup {
    /// The group's id.
    #[garde(length(max = 64))]
    pub group: String,
    #[garde(skip)]
    pub role: ProjectRole,
    /// Id of a custom role, which then decides instead of `role`.
    #[serde(default)]
    #[garde(inner(length(max = 64)))]
    pub custom_role: Option<String>,
}
