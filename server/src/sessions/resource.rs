//! What the guard needs to know of sessions.

use crate::db::{Connection, schema::workloads};
use crate::error::Result;
use crate::projects::{Kind, Part, Project};
use crate::workloads::{SESSION, WorkloadRow};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A session with the project, and so the organization, that it is in.
pub type Session = Part<SessionKind>;

pub struct SessionKind;

impl Kind for SessionKind {
    const OBJECT: Object = Object::Session;
    const PARAMETER: &'static str = "session";
    type Row = WorkloadRow;

    fn find(connection: &mut Connection, project: &Project, id: &str) -> Result<Option<WorkloadRow>> {
        Ok(workloads::table
            .find(id)
            .filter(workloads::project_id.eq(&project.row.id))
            .filter(workloads::kind.eq(SESSION))
            .filter(workloads::deleted_at.is_null())
            .select(WorkloadRow::as_select())
            .first(connection)
            .optional()?)
    }

    fn owner(row: &WorkloadRow) -> Option<&str> {
        Some(&row.owner_id)
    }
}
