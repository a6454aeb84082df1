use crate::format::Key;
use crate::format::folder::{FolderNode, Slot};
use crate::index::{Spot, View};
use crate::objects::PackId;
use crate::tree::nodes::Nodes;
use crate::tree::{FileInfo, Held, Kind, NodeId, Root};
use crate::{Error, Result, Store};
use atelier_chunk::ChunkId;
use futures::{StreamExt, TryStreamExt};
use std::collections::HashSet;
use std::sync::Arc;

/// Nodes that are read at once.
const AT_ONCE: usize = 16;

/// Which places of a view are needed: a bit for each.
pub(crate) struct Marks {
    pub(crate) view: Arc<View>,
    bits: Vec<u64>,
}

impl Marks {
    pub(crate) fn new(view: Arc<View>) -> Self {
        let bits = vec![0; view.len().div_ceil(64)];
        Self { view, bits }
    }

    pub(crate) fn has(&self, number: usize) -> bool {
        self.bits.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// All that is marked, in the order of the numbers.
    pub(crate) fn marked(&self) -> impl Iterator<Item = (usize, Spot)> + '_ {
        let words = self.bits.iter().enumerate().filter(|(_, word)| **word != 0);
        let numbers = words.flat_map(|(at, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        });
        numbers.filter_map(|number| Some((number, self.view.spot(number)?)))
    }

    /// Whether it was not marked before. What should be there and is not is an error: then nothing is garbage.
    fn set(&mut self, key: &Key) -> Result<bool> {
        let missing = || Error::Missing(ChunkId::from_bytes(*key).to_string());
        let number = self.view.number(key).ok_or_else(missing)?;
        Ok(self.set_number(number))
    }

    fn set_number(&mut self, number: usize) -> bool {
        let new = !self.has(number);
        if let Some(word) = self.bits.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
        new
    }

    /// Takes the marks from all places of a chunk.
    pub(crate) fn remove(&mut self, key: &Key) {
        for number in self.view.numbers(key) {
            if let Some(word) = self.bits.get_mut(number / 64) {
                *word &= !(1 << (number % 64));
            }
        }
    }

    /// Marks all that is in these packs, unless they are to be removed: then nobody counts on them.
    pub(crate) fn add_packs(&mut self, packs: &HashSet<PackId>) {
        let view = self.view.clone();
        for (number, spot) in view.in_packs(packs) {
            if !view.condemned.contains(&spot.pack) {
                self.set_number(number);
            }
        }
    }

    /// Marks what a session was sent or made, as far as it is in the index.
    pub(crate) fn add_half(&mut self, half: &[u8; 16]) {
        if let Some(number) = self.view.number(half) {
            self.set_number(number);
        }
    }

    fn add_chunk(&mut self, chunk: &ChunkId) -> Result<()> {
        self.set(chunk.as_bytes()).map(drop)
    }

    /// Marks all that a version needs. What another one needs too is not looked at again.
    pub(crate) async fn add_root(&mut self, store: &Store, root: Root) -> Result<()> {
        let nodes = Nodes::of(store);
        let mut open = Vec::new();
        self.open(root.0, &mut open)?;
        while !open.is_empty() {
            let some = open.split_off(open.len().saturating_sub(AT_ONCE));
            let read = futures::stream::iter(some).map(|node| nodes.folder(node)).buffer_unordered(AT_ONCE);
            let read: Vec<FolderNode> = read.try_collect().await?;
            for slot in read.into_iter().flat_map(|node| node.slots) {
                match slot {
                    Slot::Branch(branch) => self.open(branch.folder.node, &mut open)?,
                    Slot::Entry(entry) => match entry.kind {
                        Kind::Folder(folder) => self.open(folder.node, &mut open)?,
                        Kind::File(file) => self.add_file(store, &file).await?,
                    },
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, node: NodeId, open: &mut Vec<NodeId>) -> Result<()> {
        if node != Root::empty().0 && self.set(&node.0)? {
            open.push(node);
        }
        Ok(())
    }

    async fn add_file(&mut self, store: &Store, file: &FileInfo) -> Result<()> {
        match file.content.held {
            Held::Nothing => {}
            Held::Chunk(chunk) => self.add_chunk(&chunk)?,
            Held::List(top) => {
                let nodes = Nodes::of(store);
                let mut lists = vec![top];
                while let Some(list) = lists.pop() {
                    if !self.set(&list.0)? {
                        continue;
                    }
                    let node = nodes.list(list).await?;
                    for piece in &node.pieces {
                        match node.level {
                            0 => self.set(&piece.key).map(drop)?,
                            _ => lists.push(NodeId(piece.key)),
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
