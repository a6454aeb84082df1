//! What the guard needs to know of a project's members.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::Organization;
use crate::projects::Project;
use atelier_api::role::Object;
use diesel::prelude::*;

/// A person in a project.
pub struct ProjectMember {
    pub project: Project,
    /// The person's id.
    pub person: String,
}

impl Resource for ProjectMember {
    const OBJECT: Object = Object::Member;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::project_members as members;
        let Some(Standing { row: project, roles, .. }) = Project::fetch(connection, caller, path)? else {
            return Ok(None);
        };
        let found: Option<String> = members::table
            .find((&project.row.id, path.get("person")?))
            .select(members::user_id)
            .first(connection)
            .optional()?;
        Ok(found.map(|person| {
            let owns = person == caller.user.id;
            Standing { row: ProjectMember { project, person }, roles, owns }
        }))
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
