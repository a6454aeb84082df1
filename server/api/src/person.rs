//! The people of an organization, their limits, and invitations.

use crate::money::Micros;
use crate::role::{OrganizationRole, ProjectRole};
use garde::Validate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    pub id: String,
    pub email: String,
    pub name: String,
    pub role: OrganizationRole,
    pub disabled_at: Option<i64>,
    pub last_seen_at: Option<i64>,
    pub limits: Limits,
    pub joined_at: i64,
    pub version: i64,
}

/// What a person may use in an organization. Absent means no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Sessions running at once.
    #[serde(default)]
    #[garde(inner(range(min = 0, max = 1000)))]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000))]
    pub sessions_at_once: Option<i64>,
    /// Money per calendar month (UTC), beyond which a new start is refused.
    #[serde(default)]
    #[garde(inner(custom(not_negative)))]
    pub monthly: Option<Micros>,
}

/// Money that one sets must not be below zero.
pub fn not_negative(value: &Micros, _: &()) -> garde::Result {
    if value.0 < 0 { Err(garde::Error::new("must not be negative")) } else { Ok(()) }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdatePerson {
    #[serde(default)]
    #[garde(skip)]
    pub role: Option<OrganizationRole>,
    /// Replaces all limits.
    #[serde(default, deserialize_with = "crate::json::object")]
    #[garde(dive)]
    pub limits: Option<Limits>,
    #[serde(default)]
    #[garde(skip)]
    pub disabled: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    pub id: String,
    pub email: Option<String>,
    pub role: OrganizationRole,
    /// Slug of a project that the invitation leads into.
    pub project: Option<String>,
    pub project_name: Option<String>,
    pub project_role: Option<ProjectRole>,
    pub invited_by: String,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateInvitation {
    /// Only this address may accept, if given.
    #[serde(default)]
    #[garde(inner(email, length(max = 254)))]
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: Option<String>,
    #[garde(skip)]
    pub role: OrganizationRole,
    #[serde(default)]
    #[garde(inner(length(max = 80)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 80))]
    pub project: Option<String>,
    #[serde(default)]
    #[garde(skip)]
    pub project_role: Option<ProjectRole>,
    /// Days until the link expires, 1 to 30.
    #[garde(range(min = 1, max = 30))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 30))]
    pub days: i64,
}

/// The invitation and its link, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedInvitation {
    pub invitation: Invitation,
    pub link: crate::account::OneTimeLink,
}
