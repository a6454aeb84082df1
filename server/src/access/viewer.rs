//! What a person may see in one organization, for streams that outlive a request.

use crate::db::{Connection, schema};
use crate::error::Result;
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
        policy: Arc<Policy>,
        organization_id: &str,
        user_id: &str,
    ) -> Result<Option<Viewer>> {
        use schema::{organization_members as members, project_members, projects};
        let role: Option<String> = members::table
            .find((organization_id, user_id))
            .filter(members::disabled_at.is_null())
            .select(members::role)
            .first(connection)
            .optional()?;
        let Some(role) = role.and_then(|word| word.parse::<OrganizationRole>().ok()) else {
            return Ok(None);
        };
        let project_roles = project_members::table
            .inner_join(projects::table)
            .filter(project_members::user_id.eq(user_id))
            .filter(projects::organization_id.eq(organization_id))
            .select((project_members::project_id, project_members::role))
            .load::<(String, String)>(connection)?
            .into_iter()
            .filter_map(|(id, word)| Some((id, word.parse::<ProjectRole>().ok()?.into())))
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
