//! The results of a project: what its sessions write under `/results`. A session adds to the newest version what it
//! wrote, when it is saved and when it stops; each version says what made it.

mod trash;

use crate::access::{Caller, CommitResults, Origin, ReadResults, Routes};
use crate::data::Told;
use crate::db::Connection;
use crate::error::Result;
use crate::events::Change;
use crate::mounts;
use crate::trees::{self, ProjectTree, Tree};
use atelier_api::role::Object;

pub fn routes(routes: &mut Routes) {
    trees::routes::<Results>(routes);
    trash::routes(routes);
}

pub struct Results;

/// The results of one project.
pub type ProjectResults = ProjectTree<Results>;

impl Tree for Results {
    const TYPE: Object = Object::Result;
    const WORD: &'static str = "results";

    type Read = ReadResults;
    type Commit = CommitResults;

    fn changed(project_id: String) -> Change {
        Change::Results { project_id }
    }

    /// From a session they are made of the data that it was started with.
    fn told(connection: &mut Connection, caller: &Caller) -> Result<Told> {
        let inputs = match &caller.origin {
            Origin::Workload(inside) => mounts::mounted(connection, &inside.workload_id)?,
            Origin::SignIn(_) | Origin::Token { .. } => Default::default(),
        };
        Ok(Told { inputs, ..Told::default() })
    }
}
