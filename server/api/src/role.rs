//! Who may do what, in names: roles, objects, actions. `policies/` says which go together.

use serde::{Deserialize, Serialize};
use std::fmt;

// `tt`, not `literal`: utoipa does not see through the group that a macro makes of a literal.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::role::UnknownWord;
            fn from_str(word: &str) -> Result<Self, $crate::role::UnknownWord> {
                match word { $($word => Ok($name::$variant),)+ _ => Err($crate::role::UnknownWord) }
            }
        }
    };
}
pub(crate) use words;

/// A word that names nothing in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownWord;

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown word")
    }
}

impl std::error::Error for UnknownWord {}

words! {
    /// A role in one project.
    ProjectRole {
        Owner = "owner",
        DataScientist = "data-scientist",
        DataEngineer = "data-engineer",
        Annotator = "annotator",
        Client = "client",
        Consumer = "consumer",
        /// Kept out of the project, whatever other roles and groups would give. For single people.
        NoAccess = "no-access",
    }
}

words! {
    /// A role in one organization.
    OrganizationRole {
        Administrator = "administrator",
        Auditor = "auditor",
        /// Of the team: may open projects.
        Member = "member",
        /// From outside: has nothing but the projects that he or she is in.
        Guest = "guest",
    }
}

words! {
    /// Every built-in role, as the policy files name them.
    Role {
        /// Runs the installation: creates organizations.
        Operator = "operator",
        Administrator = "administrator",
        Auditor = "auditor",
        Member = "member",
        Guest = "guest",
        Owner = "owner",
        DataScientist = "data-scientist",
        DataEngineer = "data-engineer",
        Annotator = "annotator",
        Client = "client",
        Consumer = "consumer",
        NoAccess = "no-access",
    }
}

words! {
    /// A type of thing that the policy speaks of.
    Object {
        Installation = "installation",
        Organization = "organization",
        Person = "person",
        /// People who are given roles together.
        Group = "group",
        Invitation = "invitation",
        /// A custom role.
        Role = "role",
        Tier = "tier",
        Environment = "environment",
        Project = "project",
        Member = "member",
        Session = "session",
        /// Data of a project under a name, with its versions.
        Dataset = "dataset",
        /// The files of a project, with their versions.
        File = "file",
        /// What was trained, under a name, with its versions.
        Model = "model",
        /// What the sessions of a project have made, with its versions.
        Result = "result",
        /// What was spent: segments and their sums.
        Spend = "spend",
    }
}

words! {
    /// What may be done to an object.
    Action {
        /// See it, alone and in lists.
        Read = "read",
        Create = "create",
        Update = "update",
        Delete = "delete",
        /// Bring a session up, again or for the first time.
        Start = "start",
        Stop = "stop",
        /// Work in a session: what runs there runs as its owner.
        Open = "open",
        /// Build an environment's image.
        Build = "build",
        /// Make a new version of data.
        Commit = "commit",
    }
}

words! {
    /// How far a permission reaches.
    Scope {
        /// Only what the person made or owns.
        Own = "own",
        Any = "any",
    }
}

impl ProjectRole {
    /// Whether the role opens the project at all.
    pub fn opens(self) -> bool {
        self != ProjectRole::NoAccess
    }
}

impl From<ProjectRole> for Role {
    fn from(role: ProjectRole) -> Role {
        match role {
            ProjectRole::Owner => Role::Owner,
            ProjectRole::DataScientist => Role::DataScientist,
            ProjectRole::DataEngineer => Role::DataEngineer,
            ProjectRole::Annotator => Role::Annotator,
            ProjectRole::Client => Role::Client,
            ProjectRole::Consumer => Role::Consumer,
            ProjectRole::NoAccess => Role::NoAccess,
        }
    }
}

impl From<OrganizationRole> for Role {
    fn from(role: OrganizationRole) -> Role {
        match role {
            OrganizationRole::Administrator => Role::Administrator,
            OrganizationRole::Auditor => Role::Auditor,
            OrganizationRole::Member => Role::Member,
            OrganizationRole::Guest => Role::Guest,
        }
    }
}

/// One permission of a role: `session start own`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Permission {
    #[cfg_attr(feature = "openapi", schema(schema_with = object_schema))]
    pub object: Object,
    pub action: Action,
    pub scope: Scope,
}

/// A role and all that it may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleDescription {
    pub role: Role,
    pub permissions: Vec<Permission>,
}

/// To utoipa a field of a type of this name is any JSON object.
#[cfg(feature = "openapi")]
pub(crate) fn object_schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    <Object as utoipa::PartialSchema>::schema()
}
