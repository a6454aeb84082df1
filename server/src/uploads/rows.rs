//! Rows of uploads.

use super::Committer;
use crate::data;
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result};
use crate::objects::root;
use crate::storage;
use atelier_api::upload::Upload;
use atelier_store::{Committed, PackId, Root};
use diesel::prelude::*;

/// An upload is forgotten so long after its last request, in milliseconds.
pub(super) const LIFE: i64 = 7 * 24 * 3600 * 1000;
/// When drafts are.
pub(super) const NEVER: i64 = i64::MAX;
/// A request puts that off if it has come this much nearer.
const WORTH_WRITING: i64 = 3600 * 1000;
/// Uploads that one person may have open to one thing.
const MOST: i64 = 50;

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::uploads)]
pub struct Row {
    pub id: String,
    pub base_number: Option<i64>,
    pub(super) base_root: String,
    pub(super) replaces: bool,
    pub(super) root: String,
    pub files: i64,
    pub bytes: i64,
    pub stored_bytes: i64,
    created_at: i64,
    expires_at: i64,
    /// The version that it has become.
    pub(super) number: Option<i64>,
    /// Whether it is one of [`super::draft`].
    pub(super) draft: bool,
    pub last_save: Option<String>,
}

impl Row {
    pub fn root(&self) -> Result<Root> {
        root(&self.root)
    }

    pub fn base_root(&self) -> Result<Root> {
        root(&self.base_root)
    }

    /// When it is forgotten if nothing more comes.
    fn expiry(&self) -> i64 {
        if self.draft { NEVER } else { now() + LIFE }
    }

    /// # Errors
    /// If it is a draft, which has ways of its own to become a version and to end.
    pub(super) fn is_no_draft(&self) -> Result<()> {
        match self.draft {
            false => Ok(()),
            true => Err(Error::conflict("upload-is-draft", "This is a draft: it is saved, not committed.")),
        }
    }
}

impl From<Row> for Upload {
    fn from(row: Row) -> Upload {
        Upload {
            changed: row.root != row.base_root,
            id: row.id,
            base: row.base_number.filter(|_| !row.replaces),
            created_at: row.created_at,
            expires_at: row.expires_at,
            files: row.files,
            bytes: row.bytes,
        }
    }
}

/// Uploads of one person to one thing.
macro_rules! mine {
    ($who:expr) => {
        schema::uploads::table
            .filter(schema::uploads::object.eq($who.holder.object().as_str()))
            .filter(schema::uploads::object_id.eq($who.holder.id()))
            .filter(schema::uploads::author_id.eq(&$who.author.user_id))
    };
}

pub(super) use mine;

/// Begins with the newest version, or with nothing if there is none or it is to be replaced.
///
/// # Errors
/// If the person has too many, or the project has no room.
pub fn create(connection: &mut Connection, who: &Committer, replace: bool) -> Result<Row> {
    use schema::uploads;
    who.holder.is_whole()?;
    who.writable(connection)?;
    let open = mine!(who).filter(uploads::number.is_null()).filter(uploads::draft.eq(false));
    let open: i64 = open.count().get_result(connection)?;
    if open >= MOST {
        let detail = format!("You have {open} uploads open here. Commit or cancel one first.");
        return Err(Error::conflict("too-many-uploads", detail));
    }
    if let Some(room) = storage::room(connection, who.holder.project_id())? {
        room.any()?;
    }
    let newest = data::latest(connection, &who.holder)?;
    let (files, bytes, root) = match newest.as_ref().filter(|_| !replace) {
        Some(newest) => (newest.files, newest.bytes, newest.root.clone()),
        None => (0, 0, Root::empty().to_string()),
    };
    let (id, now) = (new_id(), now());
    diesel::insert_into(uploads::table)
        .values((
            uploads::id.eq(&id),
            uploads::project_id.eq(who.holder.project_id()),
            uploads::object.eq(who.holder.object().as_str()),
            uploads::object_id.eq(who.holder.id()),
            uploads::author_id.eq(&who.author.user_id),
            uploads::workload_id.eq(&who.author.workload_id),
            uploads::base_number.eq(newest.map(|newest| newest.number)),
            uploads::base_root.eq(&root),
            uploads::replaces.eq(replace),
            (
                uploads::root.eq(&root),
                uploads::files.eq(files),
                uploads::bytes.eq(bytes),
                uploads::stored_bytes.eq(0),
                uploads::created_at.eq(now),
                uploads::expires_at.eq(now + LIFE),
                uploads::draft.eq(false),
            ),
        ))
        .execute(connection)?;
    get(connection, who, &id)
}

/// The author's own to this thing that have not ended, the newest first.
pub fn list(connection: &mut Connection, who: &Committer) -> Result<Vec<Row>> {
    use schema::uploads;
    Ok(mine!(who)
        .filter(uploads::number.is_null())
        .filter(uploads::draft.eq(false))
        .filter(uploads::expires_at.gt(now()))
        .order(uploads::id.desc())
        .select(Row::as_select())
        .load(connection)?)
}

/// One of the author's own; it may have become a version.
pub(super) fn any(connection: &mut Connection, who: &Committer, id: &str) -> Result<Row> {
    use schema::uploads;
    let found = mine!(who).filter(uploads::id.eq(id)).filter(uploads::expires_at.gt(now()));
    found.select(Row::as_select()).first(connection).optional()?.ok_or_else(Error::not_found)
}

/// One of the author's own that has not ended.
pub fn get(connection: &mut Connection, who: &Committer, id: &str) -> Result<Row> {
    let row = any(connection, who, id)?;
    match row.number {
        None => Ok(row),
        Some(number) => {
            let detail = format!("This upload has become version {number}. Begin another.");
            Err(Error::conflict("upload-committed", detail))
        }
    }
}

/// As [`get`], and whether its end is worth putting off by [`put_off`].
pub(super) fn going_on(connection: &mut Connection, who: &Committer, id: &str) -> Result<(Row, bool)> {
    let row = get(connection, who, id)?;
    let worth = !row.draft && now() + LIFE - row.expires_at > WORTH_WRITING;
    Ok((row, worth))
}

pub(super) fn put_off(connection: &mut Connection, row: &Row) -> Result<()> {
    use schema::uploads;
    diesel::update(uploads::table.find(&row.id))
        .set(uploads::expires_at.eq(now() + LIFE))
        .execute(connection)?;
    Ok(())
}

/// Moves an upload from the tree that it had to another one; `false` if it has changed since.
pub(super) fn advance(connection: &mut Connection, row: &Row, to: &Committed, stored: i64) -> Result<bool> {
    use schema::uploads;
    let as_it_was =
        uploads::table.find(&row.id).filter(uploads::root.eq(&row.root)).filter(uploads::number.is_null());
    let changed = diesel::update(as_it_was)
        .set((
            uploads::root.eq(to.root.to_string()),
            uploads::files.eq(to.totals.files.cast_signed()),
            uploads::bytes.eq(to.totals.bytes.cast_signed()),
            uploads::stored_bytes.eq(uploads::stored_bytes + stored),
            uploads::expires_at.eq(row.expiry()),
        ))
        .execute(connection)?;
    Ok(changed > 0)
}

/// Packs in which there is nothing but what this upload was sent or made.
pub(super) fn packs(connection: &mut Connection, id: &str) -> Result<Vec<PackId>> {
    use schema::upload_packs as packs;
    let names: Vec<String> =
        packs::table.filter(packs::upload_id.eq(id)).select(packs::pack).load(connection)?;
    names.iter().map(|name| name.parse().map_err(Error::internal)).collect()
}

/// Adds to them, unless the upload has ended.
pub(super) fn add_packs(connection: &mut Connection, id: &str, new: &[String]) -> Result<()> {
    use schema::{upload_packs as packs, uploads};
    let lasts: i64 = uploads::table.find(id).count().get_result(connection)?;
    if lasts > 0 {
        for pack in new {
            let row = (packs::upload_id.eq(id), packs::pack.eq(pack));
            diesel::insert_into(packs::table).values(row).execute(connection)?;
        }
    }
    Ok(())
}

/// Leaves nothing of it but garbage in the store.
pub(super) fn cancel(connection: &mut Connection, who: &Committer, id: &str) -> Result<()> {
    get(connection, who, id)?.is_no_draft()?;
    remove(connection, &[id.to_owned()])
}

/// For whoever has found that these have ended.
pub(super) fn remove(connection: &mut Connection, ids: &[String]) -> Result<()> {
    use schema::{upload_packs as packs, uploads};
    diesel::delete(packs::table.filter(packs::upload_id.eq_any(ids))).execute(connection)?;
    diesel::delete(uploads::table.filter(uploads::id.eq_any(ids))).execute(connection)?;
    Ok(())
}
