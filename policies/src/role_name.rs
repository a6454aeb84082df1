use atelier_api::role::{OrganizationRole, ProjectRole, Role};

/// A role that a person holds: a built-in one, or one that an organization made.
///
/// There is no conversion from text on purpose: a row of a project's members must be read as a
/// [`ProjectRole`] first, or the word `operator` in it would make an operator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleName {
    BuiltIn(Role),
    Custom(String),
}

impl RoleName {
    pub fn as_str(&self) -> &str {
        match self {
            RoleName::BuiltIn(role) => role.as_str(),
            RoleName::Custom(name) => name,
        }
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> RoleName {
        RoleName::BuiltIn(role)
    }
}

impl From<ProjectRole> for RoleName {
    fn from(role: ProjectRole) -> RoleName {
        RoleName::BuiltIn(role.into())
    }
}

impl From<OrganizationRole> for RoleName {
    fn from(role: OrganizationRole) -> RoleName {
        RoleName::BuiltIn(role.into())
    }
}
