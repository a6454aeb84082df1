//! Changes of the entries of one folder. Only nodes that hold a changed entry are made anew, and after them as
//! many as it takes to meet an old boundary; the result is the same as if all entries were put into nodes afresh.

use super::nodes::Nodes;
use super::split::Splitter;
use super::{Folder, NodeId};
use crate::Result;
use crate::format::folder::{Branch, FolderNode, Slot};
use crate::session::packer::Packer;
use std::collections::BTreeMap;
use std::collections::btree_map::IntoIter;
use std::iter::Peekable;
use std::ops::Bound;

/// Changes by name: what is there from now on, or nothing.
pub(crate) type Edits = BTreeMap<Box<str>, Option<Slot>>;

/// The folder with these changes.
pub(crate) async fn edit(
    nodes: &Nodes<'_>,
    packer: &Packer,
    top: NodeId,
    mut edits: Edits,
) -> Result<Folder> {
    let root = nodes.folder(top).await?;
    for level in 0..root.level {
        edits = Editor { nodes, packer, top, level }.run(edits).await?;
    }
    let level = root.level;
    let mut slots = Vec::with_capacity(root.slots.len() + edits.len());
    let mut edits = edits.into_iter().peekable();
    merge(root.slots, &mut edits, None, |slot| slots.push(slot));
    build(nodes, packer, level, slots).await
}

/// Levels upon these items until one node holds all, then down again while it holds but one branch.
async fn build(nodes: &Nodes<'_>, packer: &Packer, mut level: u8, mut slots: Vec<Slot>) -> Result<Folder> {
    let mut top = loop {
        let mut splitter = Splitter::new(level);
        let mut full = Vec::new();
        for slot in slots {
            full.extend(push(&mut splitter, slot));
        }
        full.extend(splitter.finish());
        if full.len() < 2 {
            let slots = full.pop().unwrap_or_default();
            break FolderNode { level: if slots.is_empty() { 0 } else { level }, slots };
        }
        slots = Vec::with_capacity(full.len());
        for items in full {
            slots.push(Slot::Branch(save(packer, level, items).await?));
        }
        level += 1;
    };
    while let (1.., [Slot::Branch(only)]) = (top.level, &top.slots[..]) {
        top = nodes.folder(only.folder.node).await?;
    }
    let totals = top.totals();
    Ok(Folder { node: packer.add_node(top.encode()).await?, totals })
}

async fn save(packer: &Packer, level: u8, slots: Vec<Slot>) -> Result<Branch> {
    let last = slots.last().map(Slot::name).unwrap_or_default().into();
    let node = FolderNode { level, slots };
    let totals = node.totals();
    Ok(Branch { last, folder: Folder { node: packer.add_node(node.encode()).await?, totals } })
}

fn push(splitter: &mut Splitter<Slot>, slot: Slot) -> Option<Vec<Slot>> {
    let mut encoded = Vec::with_capacity(128);
    slot.encode(&mut encoded);
    let name: Box<str> = slot.name().into();
    splitter.push(slot, name.as_bytes(), encoded.len())
}

/// Old items and changes up to a name, or all changes, in order.
fn merge(
    old: Vec<Slot>,
    edits: &mut Peekable<IntoIter<Box<str>, Option<Slot>>>,
    to: Option<&str>,
    mut each: impl FnMut(Slot),
) {
    for slot in old {
        while let Some((_, new)) = edits.next_if(|(name, _)| **name < *slot.name()) {
            new.into_iter().for_each(&mut each);
        }
        match edits.next_if(|(name, _)| **name == *slot.name()) {
            Some((_, new)) => new.into_iter().for_each(&mut each),
            None => each(slot),
        }
    }
    while let Some((_, new)) = edits.next_if(|(name, _)| to.is_none_or(|to| **name <= *to)) {
        new.into_iter().for_each(&mut each);
    }
}

/// Changes the nodes of one level; what that means for the level above comes out.
struct Editor<'a> {
    nodes: &'a Nodes<'a>,
    packer: &'a Packer,
    top: NodeId,
    level: u8,
}

impl Editor<'_> {
    async fn run(&self, edits: Edits) -> Result<Edits> {
        let mut above = Edits::new();
        let mut edits = edits.into_iter().peekable();
        while let Some((first, _)) = edits.peek() {
            let mut at = Bound::Included(first.clone());
            let mut splitter = Splitter::new(self.level);
            loop {
                let (node, is_last) = self.seek(&at).await?;
                let last: Box<str> = node.slots.last().map(Slot::name).unwrap_or_default().into();
                above.insert(last.clone(), None);
                let mut full = Vec::new();
                merge(node.slots, &mut edits, (!is_last).then_some(&*last), |slot| {
                    full.extend(push(&mut splitter, slot));
                });
                if is_last {
                    full.extend(splitter.finish());
                }
                for items in full {
                    let branch = save(self.packer, self.level, items).await?;
                    above.insert(branch.last.clone(), Some(Slot::Branch(branch)));
                }
                if is_last || splitter.is_between() {
                    break;
                }
                at = Bound::Excluded(last);
            }
        }
        Ok(above)
    }

    /// The node of this level where the name is or belongs, and whether it is the last of the level.
    async fn seek(&self, at: &Bound<Box<str>>) -> Result<(FolderNode, bool)> {
        let mut node = self.nodes.folder(self.top).await?;
        let mut is_last = true;
        while node.level > self.level {
            let (index, below) = child(&node, at);
            is_last &= index + 1 == node.slots.len();
            let Some(below) = below else { break };
            node = self.nodes.folder(below).await?;
        }
        Ok((node, is_last))
    }
}

/// The branch where the name is or belongs: the last one takes what is after all.
pub(super) fn child(node: &FolderNode, at: &Bound<Box<str>>) -> (usize, Option<NodeId>) {
    let before = |slot: &Slot| match at {
        Bound::Included(name) => slot.name() < &**name,
        Bound::Excluded(name) => slot.name() <= &**name,
        Bound::Unbounded => false,
    };
    let index = node.slots.partition_point(before).min(node.slots.len().saturating_sub(1));
    match node.slots.get(index) {
        Some(Slot::Branch(branch)) => (index, Some(branch.folder.node)),
        _ => (index, None),
    }
}
