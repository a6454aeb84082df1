//! One's own account: set-up, sign-in, profile, open sign-ins, one-time links.

use crate::role::{OrganizationRole, ProjectRole, words};
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

words! {
    /// Language of the pages.
    Language {
        English = "en",
        French = "fr",
    }
}

words! {
    Theme {
        System = "system",
        Light = "light",
        Dark = "dark",
    }
}

/// Whether this installation still waits for its first administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupState {
    pub needed: bool,
}

/// The first administrator and the first organization.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// From the one-time link on the console.
    #[garde(length(max = 128))]
    pub token: String,
    #[garde(custom(validate::name))]
    pub organization: String,
    #[garde(custom(validate::name))]
    pub name: String,
    #[garde(email, length(max = 254))]
    pub email: String,
    #[garde(custom(validate::password))]
    pub password: String,
    #[garde(skip)]
    pub language: Language,
    /// With a project that holds a notebook and data to begin with.
    #[garde(skip)]
    pub sample_project: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[garde(length(max = 254))]
    pub email: String,
    #[garde(length(bytes, max = validate::PASSWORD_MAX))]
    pub password: String,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub id: String,
    pub email: String,
    pub name: String,
    pub language: Language,
    pub theme: Theme,
    /// Runs the installation.
    pub operator: bool,
    pub organizations: Vec<MyOrganization>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyOrganization {
    pub slug: String,
    pub name: String,
    pub role: OrganizationRole,
    /// ISO 4217 code, as `USD`.
    pub currency: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateMe {
    #[serde(default)]
    #[garde(inner(custom(validate::name)))]
    pub name: Option<String>,
    #[serde(default)]
    #[garde(skip)]
    pub language: Option<Language>,
    #[serde(default)]
    #[garde(skip)]
    pub theme: Option<Theme>,
}

/// Ends every other sign-in.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[garde(length(bytes, max = validate::PASSWORD_MAX))]
    pub current: String,
    #[garde(custom(validate::password))]
    pub new: String,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenSignIn {
    pub id: String,
    /// The one that asks.
    pub current: bool,
    pub user_agent: String,
    pub address: String,
    pub created_at: i64,
    pub last_seen_at: i64,
}

/// What an invitation link shows before it is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationPreview {
    pub organization: String,
    pub role: OrganizationRole,
    pub project: Option<String>,
    pub project_role: Option<ProjectRole>,
    /// Set if the invitation is for this address only.
    pub email: Option<String>,
    pub invited_by: String,
    pub expires_at: i64,
}

/// Accept with a new account. Who is signed in accepts with an empty body instead.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    #[garde(custom(validate::name))]
    pub name: String,
    #[garde(email, length(max = 254))]
    pub email: String,
    #[garde(custom(validate::password))]
    pub password: String,
    #[garde(skip)]
    pub language: Language,
}

/// Whose password a reset link changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordResetPreview {
    pub email: String,
    pub expires_at: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    #[garde(custom(validate::password))]
    pub password: String,
}

/// A link that works once. It is shown once: the server keeps only its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OneTimeLink {
    pub url: String,
    pub expires_at: i64,
}
