//! An older version becomes the newest: a new one with the same files.

use super::{Author, Holder, NewVersion, VersionRow, Which, insert_version, latest, told, version};
use crate::db::{Connection, now};
use crate::error::{Error, Result};
use atelier_api::data::DataOrigin;

/// Call it in `Db::admit`, after asking the noun whether what has the versions may still be written to.
///
/// # Errors
/// If there is no such version, or the newest one has the same files.
pub fn restore(
    connection: &mut Connection,
    holder: &Holder,
    which: &Which,
    message: &str,
    author: &Author,
) -> Result<VersionRow> {
    let old = version(connection, holder, which)?;
    let newest = latest(connection, holder)?;
    if let Some(newest) = newest.as_ref().filter(|newest| newest.root == old.root) {
        let detail = format!("The newest version, {}, has the same files already.", newest.number);
        return Err(Error::conflict("nothing-changed", detail));
    }
    let new = NewVersion {
        parent: newest.map(|newest| newest.number),
        restored: Some(old.number),
        root: &old.root,
        message,
        author,
        origin: DataOrigin::Restore,
        files: old.files,
        bytes: old.bytes,
        stored_bytes: 0,
        at: now(),
    };
    let number = insert_version(connection, holder, &new)?;
    told::repeat(connection, holder, &old, number)?;
    version(connection, holder, &Which::Number(number))
}
