//! The role that a member has or is given, and who may give and take it.

use crate::access::{Access, Permission};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::projects::Project;
use atelier_api::role::{ProjectRole, Scope};
use atelier_policies::RoleName;
use diesel::prelude::*;

/// A built-in role, or a custom one with the built-in one that it began as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenRole {
    pub base: ProjectRole,
    /// Id of the custom role.
    pub custom: Option<String>,
}

impl GivenRole {
    /// A word that we did not write stands for the role that may do least.
    pub(super) fn from_row(base: &str, custom: Option<String>) -> GivenRole {
        GivenRole { base: base.parse().unwrap_or(ProjectRole::Consumer), custom }
    }

    /// As asked for in a request.
    ///
    /// # Errors
    /// If the organization has no such custom role.
    pub(super) fn asked(
        connection: &mut Connection,
        project: &Project,
        role: ProjectRole,
        custom: Option<&str>,
    ) -> Result<GivenRole> {
        use schema::custom_roles;
        let Some(custom) = custom else { return Ok(GivenRole { base: role, custom: None }) };
        let base: Option<String> = custom_roles::table
            .find(custom)
            .filter(custom_roles::organization_id.eq(&project.organization.id))
            .select(custom_roles::base)
            .first(connection)
            .optional()?;
        let unknown = || Error::invalid_field("custom_role", "is not a role of this organization");
        let base = base.ok_or_else(unknown)?.parse().map_err(|_| unknown())?;
        Ok(GivenRole { base, custom: Some(custom.to_owned()) })
    }

    pub(super) fn is_owner(&self) -> bool {
        self.base == ProjectRole::Owner && self.custom.is_none()
    }

    pub(super) fn name(&self) -> RoleName {
        self.custom.clone().map_or_else(|| self.base.into(), RoleName::Custom)
    }

    /// # Errors
    /// If the role permits what the caller may not do: nobody gives, or takes from others, more than he or she
    /// has. Who runs the organization may, though not a member of its projects.
    pub(super) fn within_reach<R, P: Permission>(
        &self,
        access: &Access<R, P>,
        project: &Project,
    ) -> Result<()> {
        let (policy, roles) = (access.policy(), access.roles());
        let permitted = policy.permissions(&[self.name()]);
        let within = permitted.iter().all(|permission| {
            let own = permission.scope == Scope::Own;
            policy.decide(roles, permission.object, permission.action, own)
        });
        if within || by_organization_role(access, project) {
            return Ok(());
        }
        let detail =
            "This role may do more than you may here. Ask an owner of the project or an administrator.";
        Err(Error::refused("beyond-own-role", detail))
    }
}

/// Whether the caller might do the same without being a member of the project.
pub(super) fn by_organization_role<R, P: Permission>(access: &Access<R, P>, project: &Project) -> bool {
    let member = project.role_name();
    let roles: Vec<RoleName> =
        access.roles().iter().filter(|role| Some(*role) != member.as_ref()).cloned().collect();
    access.policy().decide(&roles, P::OBJECT, P::ACTION, false)
}
