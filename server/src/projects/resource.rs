//! What the guard needs to know of projects.

use crate::access::{Caller, HeldRole, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::{self, Organization};
use atelier_api::role::{Object, ProjectRole};
use diesel::prelude::*;

/// A project with the organization that it is in.
#[derive(Clone, Debug)]
pub struct Project {
    pub organization: Organization,
    pub row: ProjectRow,
    /// The caller's roles in it.
    pub held: Vec<HeldRole>,
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

impl Resource for Project {
    const OBJECT: Object = Object::Project;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::{project_roles as roles, projects};
        let organization = path.get("organization")?;
        let Some((organization, role)) = organizations::membership(connection, caller, organization)? else {
            return Ok(None);
        };
        let mine = roles::project_id.eq(projects::id).and(roles::user_id.eq(&caller.user.id));
        let found: Vec<(ProjectRow, Option<String>, Option<String>)> = projects::table
            .left_join(roles::table.on(mine))
            .filter(projects::organization_id.eq(&organization.id))
            .filter(projects::slug.eq(path.get("project")?))
            .filter(projects::deleted_at.is_null())
            .select((ProjectRow::as_select(), roles::role.nullable(), roles::custom_role_id.nullable()))
            .load(connection)?;
        // A row for each role that the caller has in it.
        let Some(row) = found.first().map(|(row, ..)| row.clone()) else { return Ok(None) };
        let held: Vec<HeldRole> =
            found.into_iter().filter_map(|(_, base, custom)| HeldRole::from_row(&base?, custom)).collect();
        let roles = std::iter::once(role).chain(held.iter().map(HeldRole::name)).collect();
        Ok(Some(Standing { row: Project { organization, row, held }, roles, owns: false }))
    }

    fn organization(&self) -> Option<&Organization> {
        Some(&self.organization)
    }

    fn project_id(&self) -> Option<&str> {
        Some(&self.row.id)
    }

    /// Its owners, or else the organization's administrators.
    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        let owners = owners(connection, &self.row.id)?;
        if owners.is_empty() {
            return organizations::administrators(connection, &self.organization.id);
        }
        Ok(owners)
    }
}

/// Names of a project's owners, at most five.
pub(crate) fn owners(connection: &mut Connection, project_id: &str) -> Result<Vec<String>> {
    use schema::{project_roles as roles, users};
    Ok(roles::table
        .inner_join(users::table)
        .filter(roles::project_id.eq(project_id))
        .filter(roles::role.eq(ProjectRole::Owner.as_str()))
        .filter(roles::custom_role_id.is_null())
        .order(users::name)
        .select(users::name)
        .distinct()
        .limit(5)
        .load(connection)?)
}
