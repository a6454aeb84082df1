//! Drafts: each person's own copy of something's files, of which nobody else sees anything. A draft is an upload
//! that does not end: it becomes a version whenever it is saved, and goes on.
//!
//! Its two trees are what is in the copy now (`root`), and of which state of the versions each file of it is a
//! change (`base_root`). The second is no version as a rule: files that others changed come into the copy one by one.

use super::rows::{NEVER, mine};
use super::{Committer, Row};
use crate::app::App;
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result};
use atelier_api::role::Object;
use atelier_store::{Committed, Error as StoreError, Root, Session};
use diesel::prelude::*;
use schema::{upload_packs as packs, uploads};

/// How often a change is made anew because somebody was quicker.
const TRIES: usize = 20;

/// The person's draft; with nothing in it if there was none. Call it in `Db::admit`.
pub fn open(connection: &mut Connection, who: &Committer) -> Result<Row> {
    who.writable(connection)?;
    if let Some(row) = find(connection, who)? {
        prune(connection, &row)?;
        return Ok(row);
    }
    let nothing = Root::empty().to_string();
    diesel::insert_into(uploads::table)
        .values((
            uploads::id.eq(new_id()),
            uploads::project_id.eq(who.holder.project_id()),
            uploads::object.eq(who.holder.object().as_str()),
            uploads::object_id.eq(who.holder.id()),
            uploads::author_id.eq(&who.author.user_id),
            uploads::base_root.eq(&nothing),
            uploads::replaces.eq(false),
            uploads::root.eq(&nothing),
            (uploads::files.eq(0), uploads::bytes.eq(0), uploads::stored_bytes.eq(0)),
            (uploads::created_at.eq(now()), uploads::expires_at.eq(NEVER), uploads::draft.eq(true)),
        ))
        .execute(connection)
        .map_err(|error| match crate::error::is_unique_violation(&error) {
            true => Error::collision(error),
            false => error.into(),
        })?;
    find(connection, who)?.ok_or_else(Error::not_found)
}

pub fn find(connection: &mut Connection, who: &Committer) -> Result<Option<Row>> {
    let found = mine!(who).filter(uploads::draft.eq(true)).select(Row::as_select());
    Ok(found.first(connection).optional()?)
}

/// Does something to the person's draft, alone and in its session of the store. `None` from `work`: others were
/// quicker, or the session does not know a version yet; it is asked again with the draft as it is then.
///
/// # Errors
/// Not found, if there is no draft.
pub async fn revise<T>(
    app: &App,
    who: &Committer,
    work: impl AsyncFn(&Session, &Row) -> Result<Option<T>>,
) -> Result<T> {
    for _ in 0..TRIES {
        let row = read(app, who).await?;
        let sending = app.uploads.session(app, who, &row).await?;
        let turn = sending.turn.lock().await;
        let row = read(app, who).await?;
        let done = work(&sending.session, &row).await.map_err(|error| app.uploads.heard(&row.id, error))?;
        if let Some(done) = done {
            return Ok(done);
        }
        drop(turn);
        app.uploads.forget(&row.id);
    }
    Err(Error::conflict("upload-busy", "Others make versions all the time. Try again."))
}

/// `None` if another session of the store would know what this one does not.
pub fn known<T>(found: atelier_store::Result<T>) -> Result<Option<T>> {
    match found {
        Err(StoreError::NotReadable(_) | StoreError::Expired) => Ok(None),
        found => Ok(Some(found?)),
    }
}

/// What others changed has come into the copy. False if the draft is no longer as it was.
pub fn advance(connection: &mut Connection, row: &Row, base: Root, to: &Committed) -> Result<bool> {
    let changed = diesel::update(uploads::table.find(&row.id))
        .filter(uploads::root.eq(&row.root))
        .filter(uploads::base_root.eq(&row.base_root))
        .set((
            uploads::base_root.eq(base.to_string()),
            uploads::root.eq(to.root.to_string()),
            uploads::files.eq(to.totals.files.cast_signed()),
            uploads::bytes.eq(to.totals.bytes.cast_signed()),
        ))
        .execute(connection)?;
    Ok(changed > 0)
}

/// All of it is in a version now, but for what its person may not read any more: of that it is `less`. False if the
/// draft is no longer as it was.
pub fn saved(
    connection: &mut Connection,
    row: &Row,
    less: Option<&Committed>,
    number: Option<i64>,
    outcome: &str,
) -> Result<bool> {
    let (root, files, bytes) = match less {
        Some(less) => {
            (less.root.to_string(), less.totals.files.cast_signed(), less.totals.bytes.cast_signed())
        }
        None => (row.root.clone(), row.files, row.bytes),
    };
    let changed = diesel::update(uploads::table.find(&row.id))
        .filter(uploads::root.eq(&row.root))
        .filter(uploads::base_root.eq(&row.base_root))
        .set((
            uploads::base_root.eq(&root),
            uploads::root.eq(&root),
            (uploads::files.eq(files), uploads::bytes.eq(bytes)),
            uploads::base_number.eq(number),
            uploads::stored_bytes.eq(0),
            uploads::last_save.eq(outcome),
        ))
        .execute(connection)?;
    prune(connection, row)?;
    Ok(changed > 0)
}

/// Forgets the drafts to something that is gone itself. Acts for nobody.
pub fn remove_drafts(connection: &mut Connection, object: Object, id: &str) -> Result<()> {
    let gone: Vec<String> = uploads::table
        .filter(uploads::object.eq(object.as_str()))
        .filter(uploads::object_id.eq(id))
        .filter(uploads::draft.eq(true))
        .select(uploads::id)
        .load(connection)?;
    super::rows::remove(connection, &gone)
}

/// What was sent and is in neither tree is kept no longer: of the states that a draft has been through, the last one
/// stays. Whoever is just sending finds that it is lacking, and sends it again.
fn prune(connection: &mut Connection, row: &Row) -> Result<()> {
    diesel::delete(packs::table.filter(packs::upload_id.eq(&row.id))).execute(connection)?;
    Ok(())
}

async fn read(app: &App, who: &Committer) -> Result<Row> {
    let asks = who.clone();
    let found = app.db.read(move |connection| find(connection, &asks)).await?;
    found.ok_or_else(Error::not_found)
}
