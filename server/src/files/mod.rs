//! The files of a project: notebooks, programs, texts. What they have in common with other trees of a project is in
//! `trees`.

mod draft;
mod merge;
mod restrictions;
mod sample;

pub use draft::{Saver, save};
pub use restrictions::forget as forget_restrictions;
pub use sample::begin_with_sample;

use crate::access::{Caller, CommitFiles, ReadFiles, Routes};
use crate::data::Hidden;
use crate::db::Connection;
use crate::error::Result;
use crate::events::Change;
use crate::projects::Project;
use crate::trees::{self, ProjectTree, Tree};
use atelier_api::role::Object;
use atelier_policies::{Policy, RoleName};

pub fn routes(routes: &mut Routes) {
    trees::routes::<Files>(routes);
    draft::routes(routes);
    restrictions::routes(routes);
}

pub struct Files;

/// The files of one project.
pub type ProjectFiles = ProjectTree<Files>;

impl Tree for Files {
    const TYPE: Object = Object::File;
    const WORD: &'static str = "files";

    type Read = ReadFiles;
    type Commit = CommitFiles;

    fn changed(project_id: String) -> Change {
        Change::Files { project_id }
    }

    fn hidden(
        connection: &mut Connection,
        project: &Project,
        caller: &Caller,
        by: (&Policy, &[RoleName]),
    ) -> Result<Hidden> {
        restrictions::hidden(connection, &project.row.id, &caller.user.id, by)
    }
}
