//! What others changed, on its way into a person's copy.

use crate::app::App;
use crate::data::{self, Hidden, Which};
use crate::db::Connection;
use crate::error::Result;
use crate::objects;
use crate::uploads::draft::{self, known};
use crate::uploads::{Committer, Row};
use atelier_api::draft::{DraftFile, Incoming, IncomingChange, TakenPaths};
use atelier_api::page::Page;
use atelier_store::{Change, Committed, Error as StoreError, FileInfo, Info, Root, Session, Store, TreePath};
use futures::stream;

/// Changes in one part of a list, and files of a draft.
const SIZE: usize = 500;
const FILES: usize = 5_000;

/// Files that the newest version has otherwise than what the draft is a change of, that are as they were in the draft,
/// and that may be read. What both changed is put together when the draft is saved.
pub(super) async fn incoming(app: &App, who: &Committer, after: Option<&str>) -> Result<Incoming> {
    let asks = who.clone();
    let look = move |connection: &mut Connection| {
        Ok((draft::find(connection, &asks)?, data::latest(connection, &asks.holder)?))
    };
    let (Some(row), Some(newest)) = app.db.read(look).await? else {
        return Ok(Incoming { version: None, changes: Vec::new(), next: None });
    };
    let store = app.objects.of(who.holder.project_id()).await?;
    let (base, root) = (row.base_root()?, row.root()?);
    let mut diff = store.diff(base, objects::root(&newest.root)?);
    let after = after.map(order);
    let mut changes: Vec<IncomingChange> = Vec::new();
    while let Some(found) = diff.next().await? {
        let hidden = who.holder.hidden().covers(&found.path);
        if hidden || after.as_ref().is_some_and(|after| order(&found.path) <= *after) {
            continue;
        }
        let Some(change) = change(&found.path, found.before, found.after) else { continue };
        if !change.folder {
            let path = TreePath::new(&found.path)?;
            if file(&store, base, &path).await? != file(&store, root, &path).await? {
                continue;
            }
        }
        if changes.len() == SIZE {
            let next = changes.last().map(|last| last.path.clone());
            return Ok(Incoming { version: Some(newest.number), changes, next });
        }
        changes.push(change);
    }
    Ok(Incoming { version: Some(newest.number), changes, next: None })
}

/// These paths of the copy are as in that version now.
pub(super) async fn taken(app: &App, who: &Committer, taken: &TakenPaths) -> Result<Row> {
    let (asks, which) = (who.clone(), Which::Number(taken.version));
    let version = app.db.read(move |connection| data::version(connection, &asks.holder, &which)).await?;
    let version = objects::root(&version.root)?;
    let store = app.objects.of(who.holder.project_id()).await?;
    let paths = taken.paths.iter().map(|path| TreePath::new(path)).collect::<Result<Vec<_>, _>>()?;
    for path in &paths {
        who.holder.hidden().check(path)?;
    }
    draft::revise(app, who, async |session, row| {
        let (base, root) = (row.base_root()?, row.root()?);
        let (mut of_base, mut of_root, mut folders) = (Vec::new(), Vec::new(), Vec::new());
        for path in &paths {
            if is_folder(&store, base, path).await? {
                folders.push(path.clone());
                continue;
            }
            let (was, is) = (file(&store, base, path).await?, file(&store, root, path).await?);
            let change = match file(&store, version, path).await? {
                Some(file) => Change::Put(path.clone(), file),
                None => Change::Remove(path.clone()),
            };
            // Whatever was changed since it was taken is a change of what was taken.
            if was == is {
                of_root.push(change.clone());
            }
            of_base.push(change);
        }
        let Some(base) = applied(session, base, of_base).await? else { return Ok(None) };
        let Some(root) = applied(session, root, of_root).await? else { return Ok(None) };
        // A folder in which something is left has not gone, whatever the copy says.
        let Some(base) = without(&store, session, base.root, &folders).await? else { return Ok(None) };
        let Some(root) = without(&store, session, root.root, &folders).await? else { return Ok(None) };
        let (row, asks) = (row.clone(), who.clone());
        let advance =
            move |connection: &mut Connection| match draft::advance(connection, &row, base.root, &root)? {
                true => draft::find(connection, &asks),
                false => Ok(None),
            };
        app.db.write(advance).await
    })
    .await
}

/// Without these folders, as far as there is no file in them.
async fn without(
    store: &Store,
    session: &Session,
    root: Root,
    folders: &[TreePath],
) -> Result<Option<Committed>> {
    let mut empty = Vec::new();
    for path in folders {
        if is_folder(store, root, path).await? && !holds_files(store, root, path).await? {
            empty.push(Change::Remove(path.clone()));
        }
    }
    applied(session, root, empty).await
}

async fn holds_files(store: &Store, root: Root, path: &TreePath) -> Result<bool> {
    let folder = store.folder(root, path).await?;
    let mut walk = store.walk(folder);
    while let Some(found) = walk.next().await? {
        if matches!(found.info, Info::File(_)) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn is_folder(store: &Store, root: Root, path: &TreePath) -> Result<bool> {
    match store.folder(root, path).await {
        Ok(_) => Ok(true),
        Err(StoreError::NotFound { .. } | StoreError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn applied(session: &Session, root: Root, changes: Vec<Change>) -> Result<Option<Committed>> {
    let changes = stream::iter(changes.into_iter().map(Ok::<_, StoreError>));
    known(session.commit(root, changes).await)
}

/// All files of a draft that may still be read, in the order of a walk. The cursor tells how many came before.
pub(super) async fn files(
    store: &Store,
    root: Root,
    hidden: &Hidden,
    cursor: Option<&str>,
) -> Result<Page<DraftFile>> {
    let wrong = |_| crate::error::Error::invalid_field("cursor", "must be one that the list gave as `next`");
    let passed: usize = cursor.map(str::parse).transpose().map_err(wrong)?.unwrap_or_default();
    let (mut items, mut seen, mut walk) = (Vec::new(), 0, store.walk(root));
    while let Some(found) = walk.next().await? {
        let Info::File(info) = found.info else { continue };
        if hidden.covers(&found.path) {
            continue;
        }
        if seen >= passed {
            if items.len() == FILES {
                return Ok(Page { items, next: Some(seen.to_string()) });
            }
            items.push(shown(found.path, info));
        }
        seen += 1;
    }
    Ok(Page { items, next: None })
}

/// The file at a path; none if there is none, or a folder.
pub(super) async fn file(store: &Store, root: Root, path: &TreePath) -> Result<Option<FileInfo>> {
    match store.file(root, path).await {
        Ok(file) => Ok(Some(file)),
        Err(StoreError::NotFound { .. } | StoreError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn shown(path: String, file: FileInfo) -> DraftFile {
    DraftFile {
        path,
        bytes: file.content.bytes().cast_signed(),
        executable: file.executable,
        content: file.content.name().to_string(),
    }
}

/// New folders come with what is in them.
fn change(path: &str, before: Option<Info>, after: Option<Info>) -> Option<IncomingChange> {
    let path = path.to_owned();
    match (before, after) {
        (_, Some(Info::File(file))) => {
            Some(IncomingChange { file: Some(shown(path.clone(), file)), path, folder: false })
        }
        (Some(Info::File(_)), _) => Some(IncomingChange { path, file: None, folder: false }),
        (Some(Info::Folder(_)), None) => Some(IncomingChange { path, file: None, folder: true }),
        _ => None,
    }
}

/// A text whose byte order is that of a walk.
fn order(path: &str) -> String {
    path.replace('/', "\0")
}
