use super::Session;
use crate::tree::apply::{Batch, Wanted};
use crate::tree::nodes::Nodes;
use crate::tree::{FileInfo, Totals};
use crate::{Result, Root, TreePath};
use futures::{Stream, TryStreamExt};
use std::pin::pin;
use std::sync::PoisonError;
use tokio::runtime::Handle;

/// Changes that are sorted and applied together. Flat memory for any number of them; changes that come in the
/// order of their paths rewrite no node twice.
pub(super) const BATCH: usize = 50_000;

/// A change of one file or folder. It acts as on a file system: what is in the way is an error, folders on the
/// way come into being, a folder stays when the last file in it goes.
#[derive(Debug, Clone)]
pub enum Change {
    /// The file is this from now on, whether it was there or not.
    Put(TreePath, FileInfo),
    /// The folder is there, if only with nothing in it.
    Folder(TreePath),
    /// The file, or the folder and all that is in it, is not there.
    Remove(TreePath),
}

/// A version that is on disk. Write down its root within half the store's grace, or it is garbage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Its name.
    pub root: Root,
    /// What it holds.
    pub totals: Totals,
    /// Bytes that this session has stored for it, chunks of files and nodes of the tree together.
    pub stored: u64,
}

impl Session {
    /// Makes a version: `base`, which this session may read, with these changes in the order in which they come.
    /// A conflict that a later change of them removes may go unnoticed. All of it is on disk before the answer.
    pub async fn commit<E>(
        &self,
        base: Root,
        changes: impl Stream<Item = std::result::Result<Change, E>>,
    ) -> std::result::Result<Committed, E>
    where
        E: From<crate::Error>,
    {
        self.check_age()?;
        self.may_read(base)?;
        let mut changes = pin!(changes);
        let mut root = base;
        let mut batch = Batch::default();
        while let Some(change) = changes.try_next().await? {
            let (path, wanted) = match change {
                Change::Put(path, file) => (path, Wanted::File(file)),
                Change::Folder(path) => (path, Wanted::Folder),
                Change::Remove(path) => (path, Wanted::Nothing),
            };
            batch.add(path, wanted)?;
            if batch.len() >= BATCH {
                root = self.apply(std::mem::take(&mut batch), root).await?.0;
            }
        }
        let (root, totals) = self.apply(batch, root).await?;
        self.made(root).await?;
        Ok(Committed { root, totals, stored: self.packer.stored().await })
    }

    /// All of this version is on disk after this, and may be read by this session.
    pub(super) async fn made(&self, root: Root) -> Result<()> {
        self.packer.finish().await?;
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(root);
        Ok(())
    }

    /// On another thread: many changes are a second's work.
    pub(super) async fn apply(&self, batch: Batch, root: Root) -> Result<(Root, Totals)> {
        let (store, packer, runtime) = (self.store.clone(), self.packer.clone(), Handle::current());
        let applied = tokio::task::spawn_blocking(move || {
            let nodes = Nodes { store: &store, writing: Some(&packer) };
            runtime.block_on(batch.apply(&nodes, &packer, root))
        });
        let folder = applied.await??;
        Ok((Root(folder.node), folder.totals))
    }
}

impl Change {
    /// What it changes.
    pub fn path(&self) -> &TreePath {
        match self {
            Self::Put(path, _) | Self::Folder(path) | Self::Remove(path) => path,
        }
    }

    /// A file that is not meant to be run.
    pub fn file(path: TreePath, content: crate::Content) -> Self {
        Self::Put(path, FileInfo { content, executable: false })
    }
}
