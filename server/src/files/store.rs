//! Rows of projects, as far as their files are concerned.

use super::resource::ProjectFiles;
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use diesel::prelude::*;

/// Asked in each transaction that makes a version: the guard's look at the project is older.
///
/// # Errors
/// If the project is gone.
pub fn writable(connection: &mut Connection, files: &ProjectFiles) -> Result<()> {
    use schema::projects;
    let here = projects::table.find(&files.project.row.id).filter(projects::deleted_at.is_null());
    match here.count().get_result::<i64>(connection)? {
        0 => Err(Error::not_found()),
        _ => Ok(()),
    }
}
