//! What a person may see in one organization, for streams that outlive a request.

use super::Policies;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::Organization;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_policies::{Policy, RoleName};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// A person's roles in an organization and its projects at one moment.
pub struct Viewer {
    pub user_id: String,
    pub organization_id: String,
    role: RoleName,
    project_roles: HashMap<String, RoleName>,
    policy: Arc<Policy>,
}

impl Viewer {
    /// `None` if the person is not, or no longer, an enabled member.
    pub fn load(
        connection: &mut Connection,
        policies: &Policies,
        organization_id: &str,
        user_id: &str,
    ) -> Result<Option<Viewer>> {
        use schema::{organization_members as members, organizations, project_members, projects};
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
        let project_roles = project_members::table
            .inner_join(projects::table)
            .filter(project_members::user_id.eq(user_id))
            .filter(projects::organization_id.eq(organization_id))
            .select((project_members::project_id, project_members::role, project_members::custom_role_id))
            .load::<(String, String, Option<String>)>(connection)?
            .into_iter()
            .filter_map(|(id, word, custom)| match custom {
                Some(custom) => Some((id, RoleName::Custom(custom))),
                None => Some((id, word.parse::<ProjectRole>().ok()?.into())),
            })
            .collect();
        Ok(Some(Viewer {
            user_id: user_id.to_owned(),
            organization_id: organization_id.to_owned(),
            role: role.into(),
            project_roles,
            policy,
        }))
    }

    /// In the organization, apart from its projects.
    pub fn may_see(&self, object: Object) -> bool {
        self.policy.decide(std::slice::from_ref(&self.role), object, Action::Read, false)
    }

    /// In one of its projects; `owns` tells of whose row.
    pub fn may_see_in(&self, project_id: &str, object: Object, owns: bool) -> bool {
        let roles: Vec<RoleName> =
            std::iter::once(&self.role).chain(self.project_roles.get(project_id)).cloned().collect();
        self.policy.decide(&roles, object, Action::Read, owns)
    }
}
