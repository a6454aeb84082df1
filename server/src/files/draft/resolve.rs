//! What both changed, when a draft is saved: put together, or both kept.

use super::incoming::{file, is_folder};
use crate::error::{Error, Result};
use crate::files::merge::{LARGEST, beside, merged};
use atelier_api::draft::{KeptFile, KeptHow};
use atelier_store::{Change, FileInfo, Merged, Root, Session, Store, TreePath};
use bytes::Bytes;
use futures::stream;
use std::collections::HashSet;

/// Names that are tried beside a file.
const NAMES: u32 = 1_000;

/// The trees that come together: what both began with, the draft, the newest version.
#[derive(Clone, Copy)]
pub(super) struct Three {
    pub(super) base: Root,
    pub(super) ours: Root,
    pub(super) theirs: Root,
}

/// What has to be done to a merged tree, in which theirs stands wherever both changed something.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) changes: Vec<Change>,
    pub(super) merged: Vec<String>,
    pub(super) kept: Vec<KeptFile>,
    /// Names that are given already.
    given: HashSet<String>,
}

pub(super) struct Resolver<'a> {
    pub(super) store: &'a Store,
    pub(super) session: &'a Session,
    pub(super) three: Three,
    /// Whose draft it is, and when it is saved.
    pub(super) person: &'a str,
    pub(super) at: i64,
}

impl Resolver<'_> {
    /// # Errors
    /// If there is more than can be told.
    pub(super) async fn resolve(&self, with: &Merged) -> Result<Resolved> {
        if with.conflicting > with.conflicts.len() as u64 {
            let detail = format!(
                "Others have changed {} of the files that you changed, too many to keep both of each. Restore some \
                 of them first.",
                with.conflicting
            );
            return Err(Error::conflict("too-many-conflicts", detail));
        }
        let mut resolved = Resolved::default();
        for path in &with.conflicts {
            self.one(path, with.root, &mut resolved).await?;
        }
        Ok(resolved)
    }

    async fn one(&self, path: &TreePath, into: Root, resolved: &mut Resolved) -> Result<()> {
        let Three { base, ours, theirs } = self.three;
        let base = file(self.store, base, path).await?;
        let our = file(self.store, ours, path).await?;
        let their = file(self.store, theirs, path).await?;
        let kept = |how, beside| KeptFile { path: path.to_string(), how, beside };
        match (our, their) {
            (Some(our), Some(their)) => {
                if let Some(file) = self.together(path, base, our, their).await? {
                    resolved.changes.push(Change::Put(path.clone(), file));
                    resolved.merged.push(path.to_string());
                    return Ok(());
                }
                let beside = self.free(path, into, resolved).await?;
                resolved.changes.push(Change::Put(beside.clone(), our));
                resolved.kept.push(kept(KeptHow::Beside, Some(beside.to_string())));
            }
            (Some(our), None) if !is_folder(self.store, theirs, path).await? => {
                resolved.changes.push(Change::Put(path.clone(), our));
                resolved.kept.push(kept(KeptHow::Ours, None));
            }
            (Some(our), None) => {
                let beside = self.free(path, into, resolved).await?;
                resolved.changes.push(Change::Put(beside.clone(), our));
                resolved.kept.push(kept(KeptHow::Beside, Some(beside.to_string())));
            }
            (None, _) if is_folder(self.store, ours, path).await? => {
                let beside = self.free(path, into, resolved).await?;
                self.folder(path, &beside, resolved).await?;
                resolved.kept.push(kept(KeptHow::Beside, Some(beside.to_string())));
            }
            (None, _) => resolved.kept.push(kept(KeptHow::Theirs, None)),
        }
        Ok(())
    }

    /// One file in which both changes are.
    async fn together(
        &self,
        path: &TreePath,
        base: Option<FileInfo>,
        our: FileInfo,
        their: FileInfo,
    ) -> Result<Option<FileInfo>> {
        let executable = match base {
            Some(base) if base.executable == our.executable => their.executable,
            _ => our.executable,
        };
        // The same bytes: they differ in whether it may be run only.
        if our.content == their.content {
            return Ok(Some(FileInfo { content: our.content, executable }));
        }
        let Some(base) = base else { return Ok(None) };
        for (side, other) in [(our, their), (their, our)] {
            if side.content == base.content {
                return Ok(Some(FileInfo { content: other.content, executable }));
            }
        }
        if [base, our, their].iter().any(|file| file.content.bytes() > LARGEST) {
            return Ok(None);
        }
        let texts = (self.read(&base).await?, self.read(&our).await?, self.read(&their).await?);
        let name = path.to_string();
        let together = tokio::task::spawn_blocking(move || merged(&name, &texts.0, &texts.1, &texts.2));
        let Some(bytes) = together.await.map_err(Error::internal)? else { return Ok(None) };
        let bytes = stream::iter([Ok::<_, atelier_store::Error>(Bytes::from(bytes))]);
        Ok(Some(FileInfo { content: self.session.write(bytes).await?, executable }))
    }

    async fn read(&self, file: &FileInfo) -> Result<Vec<u8>> {
        let mut read = self.store.read(&file.content, 0..file.content.bytes()).await?;
        let mut bytes = Vec::new();
        while let Some(piece) = read.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    /// All of our folder, for where they have a file.
    async fn folder(&self, path: &TreePath, beside: &TreePath, resolved: &mut Resolved) -> Result<()> {
        let folder = self.store.folder(self.three.ours, path).await?;
        let mut walk = self.store.walk(folder);
        while let Some(found) = walk.next().await? {
            let path = TreePath::new(&format!("{beside}/{}", found.path))?;
            if let atelier_store::Info::File(file) = found.info {
                resolved.changes.push(Change::Put(path, file));
            }
        }
        Ok(())
    }

    /// A name beside it that is nowhere yet.
    async fn free(&self, path: &TreePath, into: Root, resolved: &mut Resolved) -> Result<TreePath> {
        for n in 0..NAMES {
            let name = beside(path.as_str(), self.person, self.at, n);
            let Ok(candidate) = TreePath::new(&name) else { break };
            let mut taken = resolved.given.contains(&name);
            for root in [into, self.three.ours, self.three.theirs] {
                taken = taken
                    || file(self.store, root, &candidate).await?.is_some()
                    || is_folder(self.store, root, &candidate).await?;
            }
            if !taken {
                resolved.given.insert(name);
                return Ok(candidate);
            }
        }
        let detail = format!("There is no free name beside {path}. Rename it, then save again.");
        Err(Error::conflict("no-free-name", detail))
    }
}
