//! Which versions changed the files and folders of one folder last.

use super::{Hidden, Holder, VersionRow, describe, rows};
use crate::app::App;
use crate::error::Result;
use crate::objects;
use atelier_api::data::{DataLastChange, DataLastChanges};
use atelier_store::{Error as StoreError, Root, Store, TreePath};
use std::collections::{BTreeMap, BTreeSet};

/// Differences that are looked at, at most: a version may have changed a million files.
const MOST: usize = 20_000;

/// Looks back from a version, up to a hundred: each is compared with the one before it, where equal folders are not
/// read. What is older than that, or than [`MOST`] differences, is left open.
pub async fn last_changes(
    app: &App,
    store: &Store,
    holder: &Holder,
    newest: i64,
    folder: Option<&TreePath>,
) -> Result<DataLastChanges> {
    // What is hidden is as absent as what never was.
    let hidden = holder.hidden();
    let below = folder.map(|folder| format!("{folder}/")).unwrap_or_default();
    let absent = folder.is_some_and(|folder| hidden.covers(folder.as_str()));
    let of = holder.clone();
    let (versions, more) = app.db.read(move |connection| rows::back_from(connection, &of, newest)).await?;
    let mut seen = Seen { names: BTreeMap::new(), left: MOST, below, hidden };
    let mut others = None;
    let newest = versions.first().filter(|_| !absent);
    let mut after = folder_of(store, newest, folder).await?;
    for (at, row) in versions.iter().enumerate() {
        let Some(now) = after else { break };
        let older = versions.get(at + 1);
        if older.is_none() && more {
            break;
        }
        let before = folder_of(store, older, folder).await?;
        match before {
            // All that is left came with this version.
            None => others = Some(row.number),
            Some(before) if !seen.look(store, before, now, row.number).await? => break,
            Some(_) => {}
        }
        after = before;
    }
    let named: BTreeSet<i64> = seen.names.values().copied().chain(others).collect();
    let kept = versions.into_iter().filter(|row| named.contains(&row.number)).collect();
    let object = holder.object();
    let versions = app.db.read(move |connection| describe(connection, object, kept)).await?;
    let entries = seen.names.into_iter().map(|(name, number)| DataLastChange { name, number }).collect();
    Ok(DataLastChanges { entries, others, versions })
}

struct Seen<'a> {
    /// By name, the number of the version.
    names: BTreeMap<String, i64>,
    /// Differences that may still be looked at.
    left: usize,
    /// The folder with a slash, or nothing.
    below: String,
    hidden: &'a Hidden,
}

impl Seen<'_> {
    /// Notes what differs. Says whether it may go on.
    async fn look(&mut self, store: &Store, before: Root, after: Root, number: i64) -> Result<bool> {
        let mut diff = store.diff(before, after);
        while let Some(difference) = diff.next().await? {
            if self.left == 0 {
                return Ok(false);
            }
            self.left -= 1;
            if self.hidden.covers(&format!("{}{}", self.below, difference.path)) {
                continue;
            }
            let name = difference.path.split('/').next().unwrap_or_default();
            if !self.names.contains_key(name) {
                self.names.insert(name.to_owned(), number);
            }
        }
        Ok(true)
    }
}

/// Nothing if there is no version, or no such folder in it.
async fn folder_of(
    store: &Store,
    version: Option<&VersionRow>,
    folder: Option<&TreePath>,
) -> Result<Option<Root>> {
    let Some(version) = version else { return Ok(None) };
    let root = objects::root(&version.root)?;
    let Some(folder) = folder else { return Ok(Some(root)) };
    match store.folder(root, folder).await {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::NotFound { .. } | StoreError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
