//! The one shape of an error: RFC 9457 problem details.

use serde::{Deserialize, Serialize};

/// Media type of an error's body.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not done, for a program (`code`) and for a person (`detail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    pub status: u16,
    /// Stable word for programs: `not-found`, `forbidden`, `invalid`, `rate-limited` …
    pub code: String,
    /// The HTTP status in words.
    pub title: String,
    /// A sentence that says what is wrong and what to do.
    pub detail: String,
    /// What is wrong with which field of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// With 403: the permission that is missing and who can grant it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingPermission>,
    /// With 412: what happened to the thing since the caller read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Changed>,
}

/// The last change of something that two people may edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changed {
    /// Name of who changed it.
    pub by: String,
    pub at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Dotted path of the field in the request: `email`, `limits.sessions_at_once`.
    pub field: String,
    pub detail: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissingPermission {
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::role::object_schema))]
    pub object: crate::role::Object,
    pub action: crate::role::Action,
    /// Names of the people who can grant it.
    pub granted_by: Vec<String>,
}
