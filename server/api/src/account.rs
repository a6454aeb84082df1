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
    #[cfg_attr(feature = "openapi", schema(max_length = 128))]
    pub token: String,
    #[garde(custom(validate::name))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub organization: String,
    #[garde(custom(validate::name))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: String,
    #[garde(email, length(max = 254))]
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: String,
    #[garde(custom(validate::password))]
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 256))]
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
    #[cfg_attr(feature = "openapi", schema(max_length = 254))]
    pub email: String,
    #[garde(length(bytes, max = validate::PASSWORD_MAX))]
    pub password: String,
    /// Token of an open invitation: lets somebody in whom every organization has disabled, to accept it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(max = 64)))]
    pub invitation: Option<String>,
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
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
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
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 256))]
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

impl OpenSignIn {
    /// `Firefox, Linux` out of what browsers say of themselves, which names several.
    pub fn browser(&self) -> String {
        let first = |names: &[(&'static str, &'static str)]| {
            names.iter().find(|(word, _)| self.user_agent.contains(word)).map(|(_, name)| *name)
        };
        let program = first(&[
            ("Firefox/", "Firefox"),
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ]);
        let system = first(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ]);
        match (program, system) {
            (Some(program), Some(system)) => format!("{program}, {system}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => self.user_agent.chars().take(40).collect(),
        }
    }
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
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: String,
    #[garde(email, length(max = 254))]
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: String,
    #[garde(custom(validate::password))]
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 256))]
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
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 256))]
    pub password: String,
}

/// A link that works once. It is shown once: the server keeps only its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OneTimeLink {
    pub url: String,
    pub expires_at: i64,
}

#[cfg(test)]
mod tests {
    use super::OpenSignIn;

    #[test]
    fn names_the_browser_that_it_is() {
        let browser = |user_agent: &str| {
            let sign_in = OpenSignIn {
                id: String::new(),
                current: false,
                user_agent: user_agent.to_owned(),
                address: String::new(),
                created_at: 0,
                last_seen_at: 0,
            };
            sign_in.browser()
        };
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/149.0 Safari/537.36 Edg/149.0";
        assert_eq!(browser(edge), "Edge, Windows");
        assert_eq!(browser("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0"), "Firefox, Linux");
        assert_eq!(browser("curl/8.9"), "curl/8.9");
    }
}
