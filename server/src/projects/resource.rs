//! What the guard needs to know of projects.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::{self, Organization};
use atelier_api::role::{Object, ProjectRole};
use atelier_policies::RoleName;
use diesel::prelude::*;

/// A project with the organization that it is in.
#[derive(Clone, Debug)]
pub struct Project {
    pub organization: Organization,
    pub row: ProjectRow,
    /// The caller's role as a member.
    pub member_role: Option<ProjectRole>,
    /// The custom role that decides instead, by id.
    pub custom_role: Option<String>,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::projects)]
pub struct ProjectRow {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub created_at: i64,
    pub archived_at: Option<i64>,
}

impl Project {
    /// The role by which the caller is a member.
    pub fn role_name(&self) -> Option<RoleName> {
        let custom = self.custom_role.clone().map(RoleName::Custom);
        custom.or_else(|| self.member_role.map(RoleName::from))
    }
}

impl Resource for Project {
    const OBJECT: Object = Object::Project;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::{project_members as members, projects};
        let organization = path.get("organization")?;
        let Some((organization, role)) = organizations::membership(connection, caller, organization)? else {
            return Ok(None);
        };
        let found = projects::table
            .left_join(
                members::table
                    .on(members::project_id.eq(projects::id).and(members::user_id.eq(&caller.user.id))),
            )
            .filter(projects::organization_id.eq(&organization.id))
            .filter(projects::slug.eq(path.get("project")?))
            .filter(projects::deleted_at.is_null())
            .select((ProjectRow::as_select(), members::role.nullable(), members::custom_role_id.nullable()))
            .first::<(ProjectRow, Option<String>, Option<String>)>(connection)
            .optional()?;
        Ok(found.map(|(row, member_role, custom_role)| {
            let member_role = member_role.and_then(|role| role.parse::<ProjectRole>().ok());
            let project = Project { organization, row, member_role, custom_role };
            let roles = std::iter::once(role).chain(project.role_name()).collect();
            Standing { row: project, roles, owns: false }
        }))
    }

    fn organization(&self) -> Option<&Organization> {
        Some(&self.organization)
    }

    fn project_id(&self) -> Option<&str> {
        Some(&self.row.id)
    }

    /// Its owners, or else the organization's administrators.
    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        use schema::{project_members as members, users};
        let owners: Vec<String> = members::table
            .inner_join(users::table)
            .filter(members::project_id.eq(&self.row.id))
            .filter(members::role.eq(ProjectRole::Owner.as_str()))
            .order(members::since)
            .select(users::name)
            .limit(5)
            .load(connection)?;
        if owners.is_empty() {
            return organizations::administrators(connection, &self.organization.id);
        }
        Ok(owners)
    }
}
