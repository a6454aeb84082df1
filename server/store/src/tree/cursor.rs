use super::nodes::Nodes;
use super::{Entry, NodeId};
use crate::Result;
use crate::format::folder::{FolderNode, Slot};
use std::ops::Bound;

/// A place among the entries of a folder that can step over whole nodes.
pub(crate) struct Cursor {
    /// From the top node down: the items left of each, in reverse.
    stack: Vec<Vec<Slot>>,
}

impl Cursor {
    /// Before the first entry of this folder.
    pub(crate) async fn first(nodes: &Nodes<'_>, folder: NodeId) -> Result<Self> {
        Self::after(nodes, folder, Bound::Unbounded).await
    }

    /// Before the first entry beyond the bound.
    pub(crate) async fn after(nodes: &Nodes<'_>, folder: NodeId, at: Bound<&str>) -> Result<Self> {
        let mut stack = Vec::new();
        let mut next = Some(folder);
        while let Some(id) = next {
            let slots = left(nodes.folder(id).await?, at);
            next = None;
            // The first branch left is the only one that may begin before the bound.
            stack.push(slots);
            if !matches!(at, Bound::Unbounded)
                && let Some(slots) = stack.last_mut()
                && matches!(slots.last(), Some(Slot::Branch(_)))
                && let Some(Slot::Branch(branch)) = slots.pop()
            {
                next = Some(branch.folder.node);
            }
        }
        Ok(Self { stack })
    }

    /// What comes next: an entry, or a node not stepped into.
    pub(crate) fn peek(&mut self) -> Option<&Slot> {
        while self.stack.last().is_some_and(Vec::is_empty) {
            self.stack.pop();
        }
        self.stack.last().and_then(|slots| slots.last())
    }

    /// Takes what comes next.
    pub(crate) fn step(&mut self) -> Option<Slot> {
        self.peek();
        self.stack.last_mut().and_then(Vec::pop)
    }

    /// Steps into the node that comes next.
    pub(crate) async fn enter(&mut self, nodes: &Nodes<'_>) -> Result<()> {
        match self.step() {
            Some(Slot::Branch(branch)) => {
                self.stack.push(left(nodes.folder(branch.folder.node).await?, Bound::Unbounded));
            }
            Some(entry) => self.stack.push(vec![entry]),
            None => {}
        }
        Ok(())
    }

    /// The next entry.
    pub(crate) async fn next(&mut self, nodes: &Nodes<'_>) -> Result<Option<Entry>> {
        while let Some(Slot::Branch(_)) = self.peek() {
            self.enter(nodes).await?;
        }
        Ok(self.step().and_then(|slot| match slot {
            Slot::Entry(entry) => Some(entry),
            Slot::Branch(_) => None,
        }))
    }
}

/// The items of a node beyond the bound, in reverse.
fn left(node: FolderNode, at: Bound<&str>) -> Vec<Slot> {
    let beyond = |slot: &Slot| match at {
        Bound::Included(name) => slot.name() >= name,
        Bound::Excluded(name) => slot.name() > name,
        Bound::Unbounded => true,
    };
    let mut slots: Vec<_> = node.slots.into_iter().filter(beyond).collect();
    slots.reverse();
    slots
}

/// The node of level 0 where a name is or belongs, and whether it is the last one.
pub(crate) async fn leaf(nodes: &Nodes<'_>, folder: NodeId, name: &str) -> Result<(FolderNode, bool)> {
    let mut node = nodes.folder(folder).await?;
    let mut is_last = true;
    while let Some(most) = node.slots.len().checked_sub(1) {
        let index = node.slots.partition_point(|slot| slot.name() < name).min(most);
        let Some(Slot::Branch(branch)) = node.slots.get(index) else { break };
        is_last &= index == most;
        node = nodes.folder(branch.folder.node).await?;
    }
    Ok((node, is_last))
}

/// The entry of this name in a folder.
pub(crate) async fn find(nodes: &Nodes<'_>, folder: NodeId, name: &str) -> Result<Option<Entry>> {
    let (leaf, _) = leaf(nodes, folder, name).await?;
    let index = leaf.slots.partition_point(|slot| slot.name() < name);
    Ok(match leaf.slots.into_iter().nth(index) {
        Some(Slot::Entry(entry)) if *entry.name == *name => Some(entry),
        _ => None,
    })
}
