//! Changes of files and folders at any depth, applied to a version folder by folder, each once.

use super::cursor::leaf;
use super::edit::{Edits, edit};
use super::nodes::Nodes;
use super::{Entry, FileInfo, Folder, Kind, Root};
use crate::format::folder::{FolderNode, Slot};
use crate::session::packer::Packer;
use crate::{Error, Result, TreePath};
use std::collections::BTreeMap;
use std::ops::Range;

/// What is to be at a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    File(FileInfo),
    Folder,
    /// This folder with all that is in it. Only where nothing is.
    Tree(Folder),
    Nothing,
}

/// Changes in the order of the tree, the later of two about the same path having overtaken the earlier.
#[derive(Default)]
pub(crate) struct Batch {
    changes: BTreeMap<String, Pending>,
}

struct Pending {
    path: TreePath,
    /// What was there is removed first, so it cannot be in the way.
    removed: bool,
    wanted: Wanted,
}

impl Batch {
    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    pub(crate) fn add(&mut self, path: TreePath, wanted: Wanted) -> Result<()> {
        match wanted {
            Wanted::Nothing => return self.remove(path),
            Wanted::File(_) => self.no_folder(&path)?,
            Wanted::Folder | Wanted::Tree(_) => self.no_file(path.as_str())?,
        }
        for (at, _) in path.as_str().match_indices('/') {
            self.no_file(path.as_str().get(..at).unwrap_or_default())?;
        }
        let order = path.order();
        let removed = self.changes.get(&order).is_some_and(|earlier| earlier.removed);
        self.changes.insert(order, Pending { path, removed, wanted });
        Ok(())
    }

    fn remove(&mut self, path: TreePath) -> Result<()> {
        let order = path.order();
        let below: Vec<_> = self.changes.extract_if(below(&order), |_, _| true).collect();
        let at = self
            .changes
            .insert(order, Pending { path: path.clone(), removed: true, wanted: Wanted::Nothing });
        let mut overtaken = below.into_iter().map(|(_, pending)| pending).chain(at);
        // What was put there has left its folder behind.
        let came = overtaken.any(|pending| !matches!(pending.wanted, Wanted::Nothing));
        match path.parent().filter(|_| came) {
            Some(parent) => self.add(parent, Wanted::Folder),
            None => Ok(()),
        }
    }

    fn no_file(&self, at: &str) -> Result<()> {
        match self.changes.get(&at.replace('/', "\0")) {
            Some(Pending { path, wanted: Wanted::File(_), .. }) => Err(conflict(path, "file")),
            _ => Ok(()),
        }
    }

    fn no_folder(&self, path: &TreePath) -> Result<()> {
        let order = path.order();
        let mut there = self.changes.range(below(&order)).map(|(_, pending)| pending.wanted);
        let is_folder =
            self.changes.get(&order).is_some_and(|at| matches!(at.wanted, Wanted::Folder | Wanted::Tree(_)));
        match is_folder || there.any(|wanted| !matches!(wanted, Wanted::Nothing)) {
            true => Err(conflict(path, "folder")),
            false => Ok(()),
        }
    }

    /// The version with these changes.
    pub(crate) async fn apply(self, nodes: &Nodes<'_>, packer: &Packer, root: Root) -> Result<Folder> {
        let mut open = Open { nodes, packer, stack: vec![Level::of(String::new(), root.0)] };
        for pending in self.changes.into_values() {
            open.change(pending).await?;
        }
        open.close().await
    }
}

/// What is ordered below this.
fn below(order: &str) -> Range<String> {
    format!("{order}\0")..format!("{order}\u{1}")
}

/// A folder whose changes are being gathered.
struct Level {
    name: String,
    node: super::NodeId,
    edits: Edits,
    /// Where the last name was looked for, and whether nothing comes after it: the next one is likely there.
    leaf: Option<(FolderNode, bool)>,
}

impl Level {
    fn of(name: String, node: super::NodeId) -> Self {
        Self { name, node, edits: Edits::new(), leaf: None }
    }
}

impl Level {
    /// What had this name before the changes.
    async fn before(&mut self, nodes: &Nodes<'_>, name: &str) -> Result<Option<Kind>> {
        let near = self.leaf.take().filter(|(leaf, is_last)| {
            let ends = leaf.slots.first().zip(leaf.slots.last());
            ends.is_some_and(|(first, last)| first.name() <= name && (*is_last || name <= last.name()))
        });
        let found = match near {
            Some(near) => near,
            None => leaf(nodes, self.node, name).await?,
        };
        let slots = &self.leaf.insert(found).0.slots;
        let slot =
            slots.binary_search_by(|slot| slot.name().cmp(name)).ok().and_then(|index| slots.get(index));
        Ok(match slot {
            Some(Slot::Entry(entry)) => Some(entry.kind),
            _ => None,
        })
    }
}

/// The folders on the way to the change at hand.
struct Open<'a> {
    nodes: &'a Nodes<'a>,
    packer: &'a Packer,
    stack: Vec<Level>,
}

impl Open<'_> {
    async fn change(&mut self, Pending { path, removed, wanted }: Pending) -> Result<()> {
        let mut names: Vec<_> = path.names().collect();
        let Some(name) = names.pop() else { return Ok(()) };
        let same =
            self.stack.iter().skip(1).zip(&names).take_while(|(level, name)| level.name == **name).count();
        while self.stack.len() > same + 1 {
            self.close_one().await?;
        }
        for parent in names.into_iter().skip(same) {
            let node = match self.entry(parent).await? {
                Some(Kind::Folder(folder)) => folder.node,
                Some(Kind::File(_)) if matches!(wanted, Wanted::Nothing) => return Ok(()),
                Some(Kind::File(_)) => return Err(in_the_way(&path, parent, self.stack.len(), "file")),
                // Folders on the way come into being, unless nothing is to be put into them.
                None if matches!(wanted, Wanted::Nothing) => return Ok(()),
                None => Root::empty().0,
            };
            self.stack.push(Level::of(parent.to_owned(), node));
        }
        let now = if removed { None } else { self.entry(name).await? };
        let kind = match (now, wanted) {
            (Some(Kind::Folder(_)), Wanted::File(_)) => return Err(conflict(&path, "folder")),
            (Some(Kind::File(_)), Wanted::Folder) => return Err(conflict(&path, "file")),
            (Some(Kind::Folder(folder)), Wanted::Folder) => Some(Kind::Folder(folder)),
            (_, Wanted::Folder) => Some(Kind::Folder(self.empty().await?)),
            (_, Wanted::File(file)) => Some(Kind::File(file)),
            (_, Wanted::Tree(folder)) => Some(Kind::Folder(folder)),
            (_, Wanted::Nothing) => None,
        };
        self.put(name, kind);
        Ok(())
    }

    /// What has this name in the innermost folder by now.
    async fn entry(&mut self, name: &str) -> Result<Option<Kind>> {
        let Some(level) = self.stack.last_mut() else { return Ok(None) };
        match level.edits.get(name) {
            Some(Some(Slot::Entry(entry))) => Ok(Some(entry.kind)),
            Some(_) => Ok(None),
            None => level.before(self.nodes, name).await,
        }
    }

    async fn empty(&self) -> Result<Folder> {
        edit(self.nodes, self.packer, Root::empty().0, Edits::new()).await
    }

    fn put(&mut self, name: &str, kind: Option<Kind>) {
        if let Some(level) = self.stack.last_mut() {
            let slot = kind.map(|kind| Slot::Entry(Entry { name: name.into(), kind }));
            level.edits.insert(name.into(), slot);
        }
    }

    async fn close_one(&mut self) -> Result<()> {
        if let Some(level) = self.stack.pop() {
            let folder = edit(self.nodes, self.packer, level.node, level.edits).await?;
            self.put(&level.name, Some(Kind::Folder(folder)));
        }
        Ok(())
    }

    async fn close(mut self) -> Result<Folder> {
        while self.stack.len() > 1 {
            self.close_one().await?;
        }
        let (node, edits) =
            self.stack.pop().map_or((Root::empty().0, Edits::new()), |top| (top.node, top.edits));
        edit(self.nodes, self.packer, node, edits).await
    }
}

fn conflict(path: &TreePath, is: &'static str) -> Error {
    Error::Conflict { path: path.to_string(), is }
}

/// The parent at this depth is not a folder.
fn in_the_way(path: &TreePath, parent: &str, depth: usize, is: &'static str) -> Error {
    let above = path.names().take(depth - 1).map(|name| format!("{name}/"));
    Error::Conflict { path: above.collect::<String>() + parent, is }
}
