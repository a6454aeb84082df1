use super::pins::half;
use crate::format::Key;
use crate::tree::content::Chunks;
use crate::tree::nodes::Nodes;
use crate::tree::{FileInfo, Held, Info};
use crate::{Result, Root, Store};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The first halves of chunks' hashes, sorted.
type Halves = Arc<[[u8; 16]]>;

/// What was looked up, for all sessions of a store, in bytes.
const SHARED_BYTES: u64 = 32 << 20;

/// The chunks of the versions that a session's author may read, looked up version by version until the one asked
/// for is found.
pub(crate) struct Readable {
    /// With what is in each and not in the one before.
    roots: Vec<(Root, OnceCell<Halves>)>,
}

/// What was looked up: what is in the second version and not in the first.
pub(crate) struct Shared(Cache<(Root, Root), Halves, Bytewise>);

#[derive(Clone)]
struct Bytewise;

impl Weighter<(Root, Root), Halves> for Bytewise {
    fn weight(&self, _: &(Root, Root), halves: &Halves) -> u64 {
        (halves.len() as u64 + 8) * 16
    }
}

impl Default for Shared {
    fn default() -> Self {
        // So few that they are in one shard: a version of a million files takes half of it.
        Self(Cache::with_weighter(30, SHARED_BYTES, Bytewise))
    }
}

impl Readable {
    pub(crate) fn new(roots: Vec<Root>) -> Self {
        Self { roots: roots.into_iter().map(|root| (root, OnceCell::new())).collect() }
    }

    pub(crate) fn has_root(&self, root: Root) -> bool {
        root == Root::empty() || self.roots.iter().any(|(one, _)| *one == root)
    }

    pub(crate) async fn contains(&self, store: &Store, key: &Key) -> Result<bool> {
        let half = half(key);
        let mut before = Root::empty();
        for (root, halves) in &self.roots {
            let halves = halves.get_or_try_init(|| looked_up(store, before, *root)).await?;
            if halves.binary_search(&half).is_ok() {
                return Ok(true);
            }
            before = *root;
        }
        Ok(false)
    }
}

async fn looked_up(store: &Store, before: Root, root: Root) -> Result<Halves> {
    let shared = &store.0.readable.0;
    shared.get_or_insert_async(&(before, root), gather(store, before, root)).await
}

async fn gather(store: &Store, before: Root, root: Root) -> Result<Halves> {
    let mut all = Vec::new();
    let mut diff = store.diff(before, root);
    while let Some(difference) = diff.next().await? {
        if let Some(Info::File(file)) = difference.after {
            add(store, &file, &mut all).await?;
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all.into())
}

async fn add(store: &Store, file: &FileInfo, all: &mut Vec<[u8; 16]>) -> Result<()> {
    match file.content.held {
        Held::Nothing => {}
        Held::Chunk(chunk) => all.push(half(chunk.as_bytes())),
        Held::List(_) => {
            let nodes = Nodes::of(store);
            let (mut chunks, _) = Chunks::from(&nodes, &file.content, 0).await?;
            while let Some((chunk, _)) = chunks.next(&nodes).await? {
                all.push(half(chunk.as_bytes()));
            }
        }
    }
    Ok(())
}
