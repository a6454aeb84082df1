//! Personal access tokens: by them programs outside a browser act for a person.

use crate::role::words;
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

words! {
    /// How far a token reaches, of what its person may do. Each scope includes those before it; none reaches
    /// the account itself.
    TokenScope {
        /// See what the person sees.
        Read = "read",
        /// Also open projects, and change what is in them.
        Write = "write",
        /// Also everything else that the person may do in the organizations.
        Admin = "admin",
    }
}

/// A token, without its text, which is shown only once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessToken {
    pub id: String,
    pub name: String,
    pub scope: TokenScope,
    pub created_at: i64,
    pub expires_at: i64,
    /// Whether it has ended by itself.
    pub expired: bool,
    /// To the minute.
    pub last_used_at: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What it is for.
    #[garde(custom(validate::token_name))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    #[garde(skip)]
    pub scope: TokenScope,
    /// Until it expires.
    #[garde(range(min = 1, max = 366))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 366))]
    pub days: i64,
}

/// A new token with its text, which nobody can read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    pub token: AccessToken,
    /// For `Authorization: Bearer …`.
    pub text: String,
}
