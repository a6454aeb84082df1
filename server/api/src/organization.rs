//! Organizations: the tenants of an installation.

use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organization {
    pub id: String,
    /// The word in the address; stays when the name changes.
    pub slug: String,
    pub name: String,
    /// ISO 4217 code, as `USD`.
    pub currency: String,
    pub created_at: i64,
    /// What the caller may do here.
    pub permissions: Vec<crate::role::Permission>,
    /// For administrators: settings of the server that work and are not safe, in sentences.
    pub concerns: Vec<String>,
    pub version: i64,
}

/// A new tenant; its first administrator is the caller.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateOrganization {
    #[garde(custom(validate::name))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateOrganization {
    #[serde(default)]
    #[garde(inner(custom(validate::name)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: Option<String>,
    /// ISO 4217 code: three capital letters.
    #[serde(default)]
    #[garde(inner(custom(validate::currency)))]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
}
