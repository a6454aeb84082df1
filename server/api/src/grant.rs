//! What is said of one object alone, beside the roles: who may do something to it, or may not.

use crate::role::words;
use garde::Validate;
use serde::{Deserialize, Serialize};

words! {
    /// What a grant does to an action on its object.
    GrantEffect {
        /// The person may.
        Allow = "allow",
        /// The person may not, whatever else is said.
        Deny = "deny",
        /// Roles do not count: only those may who are allowed by name.
        Only = "only",
    }
}

/// Who may do one thing to one object. Who is in `deny`, alone or by a group, may not, whatever else is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grants {
    /// Only those in `allow` may; else everybody whose role permits it, and they.
    pub only: bool,
    /// By name.
    pub allow: Vec<Grant>,
    /// By name.
    pub deny: Vec<Grant>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    pub subject: Subject,
    pub name: String,
    /// A person's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Name of who said so.
    pub granted_by: String,
    pub granted_at: i64,
}

/// Somebody, by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    Person(String),
    Group(String),
    /// Whoever has this role in the project: a built-in one, or the id of a custom one.
    Role(String),
}

/// Replaces all that was said.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetGrants {
    #[serde(default)]
    #[garde(skip)]
    pub only: bool,
    #[serde(default)]
    #[garde(length(max = 500))]
    pub allow: Vec<Subject>,
    #[serde(default)]
    #[garde(length(max = 500))]
    pub deny: Vec<Subject>,
}
