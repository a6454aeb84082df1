//! What the guard needs to know of the groups in a project.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::Organization;
use crate::projects::Project;
use atelier_api::role::Object;
use diesel::prelude::*;

/// A group in a project: a member like a person.
pub struct ProjectGroup {
    pub project: Project,
    /// The group's id.
    pub group: String,
}

impl Resource for ProjectGroup {
    const OBJECT: Object = Object::Member;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::project_groups as members;
        let Some(Standing { row: project, roles, .. }) = Project::fetch(connection, caller, path)? else {
            return Ok(None);
        };
        let found: Option<String> = members::table
            .find((&project.row.id, path.get("group")?))
            .select(members::group_id)
            .first(connection)
            .optional()?;
        Ok(found.map(|group| Standing { row: ProjectGroup { project, group }, roles, owns: false }))
    }

    fn organization(&self) -> Option<&Organization> {
        Some(&self.project.organization)
    }

    fn project_id(&self) -> Option<&str> {
        Some(&self.project.row.id)
    }

    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        self.project.granters(connection)
    }
}
