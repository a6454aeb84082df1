//! What tests do with a store.

use crate::model::{Edit, Model};
use atelier_store::{
    Change, ChunkId, Collected, Collection, Committed, Error, Info, Options, Result, Root, Session, Store,
    TreePath,
};
use bytes::Bytes;
use futures::stream;
use std::time::{Duration, SystemTime};

/// Packs and times so small that something happens.
pub fn small() -> Options {
    let (life, grace) = (Duration::from_secs(100), Duration::from_secs(200));
    Options { pack_bytes: 20_000, cache_bytes: 10_000, session_life: life, grace, ..Options::default() }
}

pub fn path(text: &str) -> TreePath {
    TreePath::new(text).unwrap()
}

/// Sends the bytes of a file, in pieces as a client might cut them.
pub async fn change(session: &Session, edit: &Edit) -> Result<Change> {
    Ok(match edit {
        Edit::Remove(at) => Change::Remove(path(at)),
        Edit::Folder(at) => Change::Folder(path(at)),
        Edit::Put(at, bytes) => {
            let chunks: Vec<_> =
                bytes.chunks(100).map(|part| (ChunkId::of(part), Bytes::copy_from_slice(part))).collect();
            let ids: Vec<_> = chunks.iter().map(|(id, _)| *id).collect();
            let lacking = session.lacking(&ids).await?;
            session.put(chunks.into_iter().filter(|(id, _)| lacking.contains(id)).collect()).await?;
            Change::file(path(at), session.content(ids).await?)
        }
    })
}

pub async fn commit(store: &Store, base: Root, edits: &[Edit]) -> Result<Committed> {
    let session = store.session([base]).await?;
    let mut changes = Vec::new();
    for edit in edits {
        changes.push(Ok::<_, Error>(change(&session, edit).await?));
    }
    session.commit(base, stream::iter(changes)).await
}

/// The whole file.
pub async fn bytes(store: &Store, root: Root, at: &str) -> Result<Vec<u8>> {
    let content = store.file(root, &path(at)).await?.content;
    let mut read = store.read(&content, 0..u64::MAX).await?;
    let mut all = Vec::new();
    while let Some(part) = read.next().await? {
        all.extend_from_slice(&part);
    }
    Ok(all)
}

/// The version as a plain folder.
pub async fn model(store: &Store, root: Root) -> Result<Model> {
    let mut model = Model::default();
    let mut walk = store.walk(root);
    while let Some(found) = walk.next().await? {
        let held = match found.info {
            Info::Folder(_) => None,
            Info::File(_) => Some(bytes(store, root, &found.path).await?),
        };
        model.0.insert(found.path, held);
    }
    Ok(model)
}

/// The version holds this, by every way of looking at it.
pub async fn check(store: &Store, root: Root, expected: &Model) {
    assert_eq!(&model(store, root).await.unwrap(), expected);
    let totals = store.totals(root).await.unwrap();
    let files: Vec<_> = expected.0.values().flatten().collect();
    assert_eq!(
        (totals.files, totals.bytes),
        (files.len() as u64, files.iter().map(|file| file.len() as u64).sum())
    );
    let mut names: Vec<_> = expected.0.keys().filter(|path| !path.contains('/')).cloned().collect();
    names.sort();
    assert_eq!(listed(store, root).await, names);
    for (at, bytes) in expected.0.iter().filter_map(|(at, held)| Some((at, held.as_ref()?))) {
        let content = store.file(root, &path(at)).await.unwrap().content;
        let middle = bytes.len() as u64 / 3;
        let mut read = store.read(&content, middle..middle + 150).await.unwrap();
        let mut part = Vec::new();
        while let Some(piece) = read.next().await.unwrap() {
            part.extend_from_slice(&piece);
        }
        let end = bytes.len().min(middle as usize + 150);
        assert_eq!(part, bytes[middle as usize..end]);
    }
}

/// The names in the top folder, page by page.
async fn listed(store: &Store, root: Root) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let page = store.list(root, None, names.last().map(String::as_str), 3).await.unwrap();
        names.extend(page.entries.iter().map(|(name, _)| name.to_string()));
        if !page.more {
            return names;
        }
    }
}

/// Paths that differ, in the order of a walk.
pub async fn changed(store: &Store, before: Root, after: Root) -> Vec<String> {
    let mut diff = store.diff(before, after);
    let mut paths: Vec<String> = Vec::new();
    while let Some(difference) = diff.next().await.unwrap() {
        assert_ne!(difference.before, difference.after);
        paths.push(difference.path);
    }
    // A file that took the place of a folder is told after what was in the folder.
    paths.sort_by_key(|path| path.replace('/', "\0"));
    paths.dedup();
    paths
}

/// Collects garbage as if so many seconds had passed.
pub async fn collect(store: &Store, keep: impl IntoIterator<Item = Root>, seconds: u64) -> Result<Collected> {
    let keep: Vec<_> = keep.into_iter().collect();
    let now = SystemTime::now() + Duration::from_secs(seconds);
    store.collect(&Collection { keep: &keep, keep_packs: &[], now, dry_run: false }).await
}
