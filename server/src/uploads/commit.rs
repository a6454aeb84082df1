//! An upload becomes a version.

use super::{Committer, Row, rows};
use crate::app::App;
use crate::data::{self, NewVersion, VersionRow, Which};
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use crate::objects;
use atelier_api::data::DataOrigin;
use atelier_api::problem::FieldProblem;
use atelier_store::Error as StoreError;
use diesel::prelude::*;

/// How often it is tried anew because other versions were made meanwhile. Each of them takes two tries: the first
/// finds that the session does not know it yet.
const TRIES: usize = 40;
/// Paths that are named when two people have changed the same.
const NAMED: usize = 20;

/// What a version will hold.
struct Tree {
    root: String,
    files: i64,
    bytes: i64,
}

/// Makes the upload a version. If other versions were made since it began, what it changed is changed in the newest
/// of them. Asked again, it gives the same version.
///
/// # Errors
/// 409 `changed-meanwhile` names what others have changed too; the upload stays as it is.
pub async fn commit(app: &App, who: &Committer, id: &str, message: &str) -> Result<VersionRow> {
    for _ in 0..TRIES {
        let (asks, upload) = (who.clone(), id.to_owned());
        let look = move |connection: &mut Connection| {
            Ok((rows::any(connection, &asks, &upload)?, data::latest(connection, &asks.holder)?))
        };
        let (row, newest) = app.db.read(look).await?;
        row.is_no_draft()?;
        if row.number.is_none() {
            who.holder.is_whole()?;
        }
        let onto = newest.as_ref().map(|newest| newest.number);
        let tree = match &newest {
            Some(newest) if row.number.is_none() && !row.replaces && onto != row.base_number => {
                match merged(app, who, &row, &newest.root).await? {
                    Some(tree) => tree,
                    None => continue,
                }
            }
            _ => Tree { root: row.root.clone(), files: row.files, bytes: row.bytes },
        };
        let (who, message) = (who.clone(), message.to_owned());
        let made = app.db.admit(move |connection| insert(connection, &who, &row, onto, &tree, &message));
        if let Some(version) = made.await? {
            app.uploads.forget(id);
            return Ok(version);
        }
    }
    Err(Error::conflict("upload-busy", "Others make versions all the time. Try again."))
}

/// `None`: the session does not know the newest version yet, the next one will.
async fn merged(app: &App, who: &Committer, row: &Row, newest: &str) -> Result<Option<Tree>> {
    let sending = app.uploads.session(app, who, row).await?;
    let merged = sending.session.merge(row.base_root()?, row.root()?, objects::root(newest)?).await;
    let merged = match merged {
        Err(StoreError::NotReadable(_) | StoreError::Expired) => {
            app.uploads.forget(&row.id);
            return Ok(None);
        }
        merged => merged.map_err(|error| app.uploads.heard(&row.id, error))?,
    };
    if merged.conflicting > 0 {
        let named = merged.conflicts.iter().take(NAMED);
        let fields = named.map(|path| FieldProblem { field: "files".into(), detail: path.to_string() });
        let detail = format!(
            "Others have changed {} of the files that you changed. Look at the newest version, then begin \
             anew from it or make these files as they are there.",
            merged.conflicting
        );
        return Err(Error::conflict("changed-meanwhile", detail).with_fields(fields.collect()));
    }
    let (files, bytes) = (merged.totals.files.cast_signed(), merged.totals.bytes.cast_signed());
    Ok(Some(Tree { root: merged.root.to_string(), files, bytes }))
}

/// Writes the version, unless there is a newer one than `onto` or the upload was changed meanwhile.
fn insert(
    connection: &mut Connection,
    who: &Committer,
    seen: &Row,
    onto: Option<i64>,
    tree: &Tree,
    message: &str,
) -> Result<Option<VersionRow>> {
    use schema::uploads;
    let row = rows::any(connection, who, &seen.id)?;
    if let Some(number) = row.number {
        return data::version(connection, &who.holder, &Which::Number(number)).map(Some);
    }
    who.writable(connection)?;
    let newest = data::latest(connection, &who.holder)?;
    if row.root != seen.root || newest.map(|newest| newest.number) != onto {
        return Ok(None);
    }
    let from_inside = who.author.workload_id.is_some();
    let new = NewVersion {
        parent: onto,
        restored: None,
        root: &tree.root,
        message,
        author: &who.author,
        origin: if from_inside { DataOrigin::Session } else { DataOrigin::Upload },
        files: tree.files,
        bytes: tree.bytes,
        stored_bytes: row.stored_bytes,
        at: now(),
    };
    let number = data::insert_version(connection, &who.holder, &new)?;
    data::tell(connection, &who.holder, number, &who.told)?;
    diesel::update(uploads::table.find(&row.id)).set(uploads::number.eq(number)).execute(connection)?;
    data::version(connection, &who.holder, &Which::Number(number)).map(Some)
}
