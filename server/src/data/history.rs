//! The versions in which a file changed.

use super::{Holder, VersionRow, describe, rows};
use crate::app::App;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::objects;
use atelier_api::data::{DataChangeKind, DataFileVersion};
use atelier_api::page::Page;
use atelier_store::{Error as StoreError, FileInfo, Info, Root, Store, TreePath};
use futures::stream::{self, StreamExt, TryStreamExt};

/// Lookups that are under way at once.
const AT_ONCE: usize = 8;

/// A part of them, the newest first. It looks at a hundred versions at a time, so that a part may be empty and yet
/// have another one behind it. `newest` is the version from which it looks back.
pub async fn history(
    app: &App,
    store: &Store,
    holder: &Holder,
    newest: i64,
    path: &TreePath,
    cursor: Option<&str>,
) -> Result<Page<DataFileVersion>> {
    let wrong = |_| Error::invalid_field("cursor", "must be one that the list gave as `next`");
    let from = cursor.map(str::parse).transpose().map_err(wrong)?.unwrap_or(newest);
    let of = holder.clone();
    let (versions, more) = app.db.read(move |connection| rows::back_from(connection, &of, from)).await?;
    // What is hidden is as absent as what never was.
    let files = match holder.hidden().covers(path.as_str()) {
        true => vec![None; versions.len()],
        false => files(store, &versions, path).await?,
    };
    let changes = changes(versions, &files, more);
    let next = changes.next;
    let object = holder.object();
    let items = app
        .db
        .read(move |connection: &mut Connection| {
            let (rows, told): (Vec<_>, Vec<_>) = changes.items.into_iter().unzip();
            let described = describe(connection, object, rows)?;
            let both = described.into_iter().zip(told);
            Ok(both.map(|(version, (kind, bytes))| DataFileVersion { version, kind, bytes }).collect())
        })
        .await?;
    Ok(Page { items, next: next.map(|number| number.to_string()) })
}

/// What the path was in each of them. Versions that are equal are looked at once.
async fn files(store: &Store, versions: &[VersionRow], path: &TreePath) -> Result<Vec<Option<FileInfo>>> {
    let mut roots: Vec<&str> = versions.iter().map(|row| row.root.as_str()).collect();
    roots.dedup();
    let roots = roots.into_iter().map(objects::root).collect::<Result<Vec<_>>>()?;
    let found: Vec<(Root, Option<FileInfo>)> = stream::iter(roots)
        .map(|root| async move { Ok::<_, Error>((root, file(store, root, path).await?)) })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut all = found.into_iter().peekable();
    let mut files = Vec::with_capacity(versions.len());
    for row in versions {
        let root = objects::root(&row.root)?;
        while all.peek().is_some_and(|(at, _)| *at != root) {
            all.next();
        }
        files.push(all.peek().and_then(|(_, file)| *file));
    }
    Ok(files)
}

async fn file(store: &Store, root: Root, path: &TreePath) -> Result<Option<FileInfo>> {
    match store.info(root, path).await {
        Ok(Info::File(file)) => Ok(Some(file)),
        // A folder now, or a file on its way.
        Ok(Info::Folder(_)) | Err(StoreError::NotFound { .. } | StoreError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

struct Changes {
    items: Vec<(VersionRow, (DataChangeKind, Option<i64>))>,
    /// The oldest that was looked at, if there are more: what it changed is not known yet.
    next: Option<i64>,
}

fn changes(versions: Vec<VersionRow>, files: &[Option<FileInfo>], more: bool) -> Changes {
    let next = versions.last().filter(|_| more).map(|row| row.number);
    let mut items = Vec::new();
    for (at, row) in versions.into_iter().enumerate() {
        if Some(row.number) == next {
            break;
        }
        let before = files.get(at + 1).copied().flatten();
        let after = files.get(at).copied().flatten();
        let kind = match (before, after) {
            (None, Some(_)) => DataChangeKind::Added,
            (Some(_), None) => DataChangeKind::Removed,
            (Some(before), Some(after)) if before != after => DataChangeKind::Changed,
            _ => continue,
        };
        items.push((row, (kind, after.map(|file| file.content.bytes().cast_signed()))));
    }
    Changes { items, next }
}
