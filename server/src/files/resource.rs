//! What the guard needs to know of a project's files.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::data::Holds;
use crate::db::Connection;
use crate::error::Result;
use crate::organizations::Organization;
use crate::projects::Project;
use atelier_api::role::Object;

/// The files of a project. Each project has them, with a version or without.
pub struct ProjectFiles {
    pub project: Project,
}

impl Resource for ProjectFiles {
    const OBJECT: Object = Object::File;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        let found = Project::fetch(connection, caller, path)?;
        Ok(found.map(|Standing { row: project, roles, .. }| {
            // They are everybody's: nobody owns them.
            Standing { row: ProjectFiles { project }, roles, owns: false }
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

impl Holds for ProjectFiles {
    fn holder_id(&self) -> &str {
        &self.project.row.id
    }
}
