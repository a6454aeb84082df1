//! Rows of projects, as far as their trees are concerned.

use super::{ProjectTree, Tree};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use diesel::prelude::*;

/// Asked in each transaction that makes a version: the guard's look at the project is older.
///
/// # Errors
/// If the project is gone.
pub fn writable<T: Tree>(connection: &mut Connection, tree: &ProjectTree<T>) -> Result<()> {
    use schema::projects;
    let here = projects::table.find(&tree.project.row.id).filter(projects::deleted_at.is_null());
    match here.count().get_result::<i64>(connection)? {
        0 => Err(Error::not_found()),
        _ => Ok(()),
    }
}
