//! What a person may see in one organization, for streams that outlive a request.

use super::held::{HeldRole, roles_by_project};
use super::{Access, Policies};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::Organization;
use atelier_api::role::{Action, Object, OrganizationRole};
use atelier_policies::{Grant, Policy, RoleName};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// A person's roles in an organization and its projects at one moment.
pub struct Viewer {
    pub user_id: String,
    pub organization_id: String,
    roles: Vec<RoleName>,
    project_roles: HashMap<String, Vec<HeldRole>>,
    policy: Arc<Policy>,
}

/// In which projects of an organization a person sees a type of thing, by project id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reachable {
    /// In all but these, where a role denies it.
    AllBut(Vec<String>),
    /// Everybody's things in the first, only the person's own in the second.
    Only { any: Vec<String>, own: Vec<String> },
}

impl Viewer {
    /// As of this moment; `None` if the person is not, or no longer, an enabled member.
    pub fn load(
        connection: &mut Connection,
        policies: &Policies,
        organization_id: &str,
        user_id: &str,
    ) -> Result<Option<Viewer>> {
        use schema::{organization_members as members, organizations};
        let found: Option<(Organization, String)> = members::table
            .inner_join(organizations::table)
            .filter(members::organization_id.eq(organization_id))
            .filter(members::user_id.eq(user_id))
            .filter(members::disabled_at.is_null())
            .select((Organization::as_select(), members::role))
            .first(connection)
            .optional()?;
        let Some((organization, role)) = found else { return Ok(None) };
        let Ok(role) = role.parse::<OrganizationRole>() else { return Ok(None) };
        let policy = policies.of(connection, Some(&organization))?;
        let project_roles = roles_by_project(connection, organization_id, user_id)?;
        Ok(Some(Viewer {
            user_id: user_id.to_owned(),
            organization_id: organization_id.to_owned(),
            roles: vec![role.into()],
            project_roles,
            policy,
        }))
    }

    /// The caller of a request.
    pub fn of<P>(connection: &mut Connection, access: &Access<Organization, P>) -> Result<Viewer> {
        let (user_id, organization_id) = (&access.caller().user.id, &access.row().id);
        Ok(Viewer {
            user_id: user_id.clone(),
            organization_id: organization_id.clone(),
            roles: access.roles().to_vec(),
            project_roles: roles_by_project(connection, organization_id, user_id)?,
            policy: access.shared_policy(),
        })
    }

    /// In the organization, apart from its projects.
    pub fn may_see(&self, object: Object) -> bool {
        self.policy.decide(&self.roles, object, Action::Read, false)
    }

    /// In one of its projects; `owns` tells of whose row.
    pub fn may_see_in(&self, project_id: &str, object: Object, owns: bool) -> bool {
        self.policy.decide(&self.all_roles(project_id), object, Action::Read, owns)
    }

    /// The roles in one of the projects, without those in the organization.
    pub fn roles_in(&self, project_id: &str) -> &[HeldRole] {
        self.project_roles.get(project_id).map(Vec::as_slice).unwrap_or_default()
    }

    fn all_roles(&self, project_id: &str) -> Vec<RoleName> {
        self.roles.iter().cloned().chain(self.roles_in(project_id).iter().map(HeldRole::name)).collect()
    }

    /// Whether the person may still do this to what is his or her own in one of the projects.
    pub fn may_own_in(&self, project_id: &str, object: Object, action: Action) -> bool {
        self.policy.decide(&self.all_roles(project_id), object, action, true)
    }

    /// Whether the person may do this in one of the projects to an object of which these grants speak.
    pub fn may_in(&self, project_id: &str, grants: &[Grant], object: Object, action: Action) -> bool {
        self.policy.decide_on(&self.all_roles(project_id), grants, object, action, false)
    }

    /// For lists that filter in SQL: the same decision, project by project.
    pub fn reachable(&self, object: Object) -> Reachable {
        let ids = || self.project_roles.keys().cloned();
        let sees = |id: &String, owns| self.may_see_in(id, object, owns);
        if self.may_see(object) {
            return Reachable::AllBut(ids().filter(|id| !sees(id, false)).collect());
        }
        Reachable::Only {
            any: ids().filter(|id| sees(id, false)).collect(),
            own: ids().filter(|id| !sees(id, false) && sees(id, true)).collect(),
        }
    }
}
