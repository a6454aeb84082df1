//! Roles that an organization makes for its projects, beside the built-in ones.

use crate::role::{Permission, ProjectRole};
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomRole {
    pub id: String,
    pub name: String,
    /// The built-in role that it began as.
    pub base: ProjectRole,
    pub allow: Vec<Permission>,
    /// Taken away from whoever holds the role, whatever his or her role in the organization says.
    pub deny: Vec<Permission>,
    /// How many memberships have it, of people and of groups.
    pub members: i64,
    pub version: i64,
}

/// Makes a role, or replaces all that one permits.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveCustomRole {
    #[garde(custom(validate::name))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: String,
    /// Any but owner: a project's owners are counted.
    #[garde(custom(not_owner))]
    pub base: ProjectRole,
    #[garde(length(max = 100))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub allow: Vec<Permission>,
    #[serde(default)]
    #[garde(length(max = 100))]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub deny: Vec<Permission>,
}

fn not_owner(role: &ProjectRole, _: &()) -> garde::Result {
    if *role == ProjectRole::Owner { Err(garde::Error::new("must not be owner")) } else { Ok(()) }
}

/// A custom role, as members show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomRoleName {
    pub id: String,
    pub name: String,
}
