//! A copy of an SQLite file, made before its schema is changed.

use super::Connection;
use anyhow::Context;
use diesel::RunQueryDsl;
use diesel::sql_types::Text;

/// Writes `<file>.before-<step>` beside the file, whole or not at all; an older one of the name is replaced.
///
/// # Errors
/// If there is no room for it: then nothing has been changed yet.
pub(super) fn make(connection: &mut Connection, path: &str, step: &str) -> anyhow::Result<()> {
    let copy = format!("{path}.before-{step}");
    let unfinished = format!("{copy}.unfinished");
    let mut make = || {
        match std::fs::remove_file(&unfinished) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(&unfinished).execute(connection)?;
        std::fs::File::open(&unfinished)?.sync_all()?;
        std::fs::rename(&unfinished, &copy)?;
        anyhow::Ok(())
    };
    make().with_context(|| {
        format!("no copy of the database could be made before its upgrade, as {copy}; nothing was changed")
    })?;
    tracing::info!(copy, "the database was copied before its upgrade");
    Ok(())
}
