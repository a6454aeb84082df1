//! What the guard needs to know of sessions.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::Organization;
use crate::projects::Project;
use crate::workloads::{SESSION, WorkloadRow};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A session with the project, and so the organization, that it is in.
#[derive(Clone, Debug)]
pub struct Session {
    pub project: Project,
    pub row: WorkloadRow,
}

impl Resource for Session {
    const OBJECT: Object = Object::Session;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::workloads;
        let Some(Standing { row: project, roles, .. }) = Project::fetch(connection, caller, path)? else {
            return Ok(None);
        };
        let found = workloads::table
            .find(path.get("session")?)
            .filter(workloads::project_id.eq(&project.row.id))
            .filter(workloads::kind.eq(SESSION))
            .filter(workloads::deleted_at.is_null())
            .select(WorkloadRow::as_select())
            .first(connection)
            .optional()?;
        Ok(found.map(|row| {
            let owns = row.owner_id == caller.user.id;
            Standing { row: Session { project, row }, roles, owns }
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
