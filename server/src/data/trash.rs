//! The trash: versions in it are still there, but not the latest, until it forgets them.

use super::{Holder, VersionRow, Which, version};
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use diesel::prelude::*;

/// How long the trash keeps what is in it, in milliseconds: 30 days.
pub const TRASH_MS: i64 = 30 * 24 * 3600 * 1000;

/// When the trash forgets what was put into it then.
pub fn forgotten_at(trashed_at: i64) -> i64 {
    trashed_at + TRASH_MS
}

/// Puts a version into the trash or takes it out. Call it in `Db::admit`, so that nobody tags it at the same
/// moment.
///
/// # Errors
/// If there is no such version, or tags point to one that is to go.
pub fn set_trashed(
    connection: &mut Connection,
    holder: &Holder,
    which: &Which,
    trashed: bool,
) -> Result<VersionRow> {
    use schema::data_versions as versions;
    let mut row = version(connection, holder, which)?;
    if trashed == row.trashed_at.is_some() {
        return Ok(row);
    }
    if trashed {
        let tags = tags(connection, holder, row.number)?;
        if !tags.is_empty() {
            let number = row.number;
            let detail =
                format!("These tags point to version {number}: {}. Move them first.", tags.join(", "));
            return Err(Error::conflict("version-tagged", detail));
        }
    }
    row.trashed_at = trashed.then(now);
    diesel::update(versions::table.find((holder.object().as_str(), holder.id(), row.number)))
        .set(versions::trashed_at.eq(row.trashed_at))
        .execute(connection)?;
    Ok(row)
}

fn tags(connection: &mut Connection, holder: &Holder, number: i64) -> Result<Vec<String>> {
    use schema::data_tags as tags;
    Ok(tags::table
        .filter(tags::object.eq(holder.object().as_str()))
        .filter(tags::object_id.eq(holder.id()))
        .filter(tags::number.eq(number))
        .order(tags::tag)
        .select(tags::tag)
        .load(connection)?)
}
