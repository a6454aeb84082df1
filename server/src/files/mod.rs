//! The files of a project: notebooks, programs, texts. What they have in common with other trees of a project is in
//! `trees`.

mod draft;
mod merge;
mod sample;

pub use draft::{Saver, save};
pub use sample::begin_with_sample;

use crate::access::{CommitFiles, ReadFiles, Routes};
use crate::events::Change;
use crate::trees::{self, ProjectTree, Tree};
use atelier_api::role::Object;

pub fn routes(routes: &mut Routes) {
    trees::routes::<Files>(routes);
    draft::routes(routes);
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
}
