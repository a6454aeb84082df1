use super::pins::half;
use crate::format::Key;
use crate::tree::content::Chunks;
use crate::tree::nodes::Nodes;
use crate::tree::{FileInfo, Held, Info};
use crate::{Result, Root, Store};
use tokio::sync::OnceCell;

/// The chunks of the versions that a session's author may read, looked up when the first is asked for.
pub(crate) struct Readable {
    roots: Vec<Root>,
    /// The first halves of their hashes, sorted.
    chunks: OnceCell<Vec<[u8; 16]>>,
}

impl Readable {
    pub(crate) fn new(roots: Vec<Root>) -> Self {
        Self { roots, chunks: OnceCell::new() }
    }

    pub(crate) fn has_root(&self, root: Root) -> bool {
        root == Root::empty() || self.roots.contains(&root)
    }

    pub(crate) async fn contains(&self, store: &Store, key: &Key) -> Result<bool> {
        let chunks = self.chunks.get_or_try_init(|| self.gather(store)).await?;
        Ok(chunks.binary_search(&half(key)).is_ok())
    }

    async fn gather(&self, store: &Store) -> Result<Vec<[u8; 16]>> {
        let mut all = Vec::new();
        let mut before = Root::empty();
        // Versions are mostly like the one before: only what differs is looked at.
        for root in &self.roots {
            let mut diff = store.diff(before, *root);
            while let Some(difference) = diff.next().await? {
                if let Some(Info::File(file)) = difference.after {
                    add(store, &file, &mut all).await?;
                }
            }
            before = *root;
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
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
