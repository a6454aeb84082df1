//! What it is that needs the bytes of a project, by name. For whoever looks after the installation.

use super::measure::holders;
use crate::artifacts;
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_store::Root;
use diesel::prelude::*;

/// A dataset, a model, or all there is of another type.
pub struct Keeper {
    /// `dataset customers`
    pub name: String,
    pub versions: i64,
    pub roots: Vec<Root>,
}

/// The project as it is in addresses, and its keepers.
pub fn keepers(connection: &mut Connection, project_id: &str) -> Result<(String, Vec<Keeper>)> {
    use schema::{organizations, projects};
    let (organization, project): (String, String) = projects::table
        .inner_join(organizations::table)
        .filter(projects::id.eq(project_id))
        .select((organizations::slug, projects::slug))
        .first(connection)?;
    let named = artifacts::all(connection, project_id)?;
    let mut keepers = Vec::new();
    for ((object, id), holder) in holders(connection, project_id)? {
        let name = match named.get(&id) {
            Some(row) => format!("{object} {}", row.slug),
            None => object,
        };
        keepers.push(Keeper { name, versions: holder.versions(), roots: holder.roots()? });
    }
    Ok((format!("{organization}/{project}"), keepers))
}
