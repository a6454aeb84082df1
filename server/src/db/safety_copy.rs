//! A copy of an SQLite file, made before its schema is changed.

use super::Connection;
use anyhow::Context;
use diesel::RunQueryDsl;
use diesel::sql_types::Text;
use std::path::Path;

/// Writes `<file>.before-<step>` beside the file, whole or not at all; an older one of the name is replaced.
///
/// # Errors
/// If there is no room for it: then nothing has been changed yet.
pub(super) fn make(connection: &mut Connection, path: &str, step: &str) -> anyhow::Result<()> {
    let copy = format!("{path}.before-{step}");
    let folder = Path::new(path).parent().unwrap_or(Path::new("."));
    let mut make = || {
        // SQLite fills an empty file as well as none.
        let unfinished = tempfile::Builder::new().prefix(".atelier-copy").tempfile_in(folder)?;
        let name = unfinished.path().to_string_lossy().into_owned();
        diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(connection)?;
        unfinished.as_file().sync_all()?;
        unfinished.persist(&copy)?;
        anyhow::Ok(())
    };
    make().with_context(|| {
        format!("no copy of the database could be made before its upgrade, as {copy}; nothing was changed")
    })?;
    tracing::info!(copy, "the database was copied before its upgrade");
    Ok(())
}
