//! One file as it was in an older version, in a new version that is otherwise like the newest.

use super::Committer;
use crate::app::App;
use crate::data::{self, NewVersion, VersionRow, Which};
use crate::db::{Connection, now};
use crate::error::{Error, Result};
use crate::objects;
use atelier_api::data::DataOrigin;
use atelier_store::{Change, Committed, Error as StoreError, TreePath};
use futures::stream;

/// How often it is made anew because others made versions meanwhile.
const TRIES: usize = 20;

/// # Errors
/// If there is no such version or file, a folder is in its place, or the newest version has it as it was.
pub async fn restore_file(
    app: &App,
    who: &Committer,
    which: &Which,
    path: &TreePath,
    message: &str,
) -> Result<VersionRow> {
    let store = app.objects.of(who.holder.project_id()).await?;
    for _ in 0..TRIES {
        let (holder, which) = (who.holder.clone(), which.clone());
        let look = move |connection: &mut Connection| {
            Ok((data::version(connection, &holder, &which)?, data::latest(connection, &holder)?))
        };
        let (old, newest) = app.db.read(look).await?;
        let base = newest.as_ref().unwrap_or(&old);
        let (old_root, base_root) = (objects::root(&old.root)?, objects::root(&base.root)?);
        let session = store.session([old_root, base_root]).await?;
        let file = session.existing(old_root, path).await?;
        let change = stream::iter([Ok::<_, StoreError>(Change::Put(path.clone(), file))]);
        let made = session.commit(base_root, change).await?;
        if newest.is_some() && made.root == base_root {
            let detail = format!("The newest version, {}, has this file as it was already.", base.number);
            return Err(Error::conflict("nothing-changed", detail));
        }
        let (who, message, onto) = (who.clone(), message.to_owned(), newest.map(|newest| newest.number));
        let insert = move |connection: &mut Connection| insert(connection, &who, &made, onto, &message);
        if let Some(version) = app.db.admit(insert).await? {
            return Ok(version);
        }
    }
    Err(Error::conflict("upload-busy", "Others make versions all the time. Try again."))
}

/// Writes the version, unless there is a newer one than `onto`.
fn insert(
    connection: &mut Connection,
    who: &Committer,
    made: &Committed,
    onto: Option<i64>,
    message: &str,
) -> Result<Option<VersionRow>> {
    who.writable(connection)?;
    if data::latest(connection, &who.holder)?.map(|newest| newest.number) != onto {
        return Ok(None);
    }
    let new = NewVersion {
        parent: onto,
        restored: None,
        root: &made.root.to_string(),
        message,
        author: &who.author,
        origin: DataOrigin::Restore,
        files: made.totals.files.cast_signed(),
        bytes: made.totals.bytes.cast_signed(),
        stored_bytes: made.stored.cast_signed(),
        at: now(),
    };
    let number = data::insert_version(connection, &who.holder, &new)?;
    data::version(connection, &who.holder, &Which::Number(number)).map(Some)
}
