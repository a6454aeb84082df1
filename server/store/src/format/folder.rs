//! A node of a folder: at level 0 entries, above it branches to nodes of the level below.

use super::wire::{Wire, put_number, put_text};
use super::{FORMAT_VERSION, known};
use crate::tree::{Content, Entry, FileInfo, Folder, Held, Kind, NodeId, Totals};
use crate::{Error, Result};
use atelier_chunk::ChunkId;

pub(super) const FOLDER: u8 = b'D';

/// A node of the level below.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Branch {
    /// The last name in it.
    pub(crate) last: Box<str>,
    pub(crate) folder: Folder,
}

/// An item of a node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Slot {
    Entry(Entry),
    Branch(Branch),
}

impl Slot {
    /// What it is sorted by.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Entry(entry) => &entry.name,
            Self::Branch(branch) => &branch.last,
        }
    }

    pub(crate) fn totals(&self) -> Totals {
        match self {
            Self::Entry(entry) => entry.totals(),
            Self::Branch(branch) => branch.folder.totals,
        }
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        put_text(out, self.name());
        match self {
            Self::Entry(Entry { kind: Kind::File(file), .. }) => put_file(out, file),
            Self::Entry(Entry { kind: Kind::Folder(folder), .. }) => {
                out.push(b'D');
                put_folder(out, folder);
            }
            Self::Branch(branch) => put_folder(out, &branch.folder),
        }
    }
}

fn put_folder(out: &mut Vec<u8>, folder: &Folder) {
    out.extend_from_slice(&folder.node.0);
    let Totals { entries, files, bytes } = folder.totals;
    [entries, files, bytes].into_iter().for_each(|number| put_number(out, number));
}

pub(crate) fn put_file(out: &mut Vec<u8>, file: &FileInfo) {
    out.push(if file.executable { b'x' } else { b'f' });
    put_number(out, file.content.bytes);
    match file.content.held {
        Held::Nothing => {}
        Held::Chunk(chunk) => {
            out.push(b'c');
            out.extend_from_slice(chunk.as_bytes());
        }
        Held::List(node) => {
            out.push(b'l');
            out.extend_from_slice(&node.0);
        }
    }
}

/// A node of a folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct FolderNode {
    pub(crate) level: u8,
    pub(crate) slots: Vec<Slot>,
}

impl FolderNode {
    pub(crate) fn totals(&self) -> Totals {
        self.slots.iter().map(Slot::totals).sum()
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT_VERSION, FOLDER, self.level];
        put_number(&mut out, self.slots.len() as u64);
        self.slots.iter().for_each(|slot| slot.encode(&mut out));
        out
    }

    pub(crate) fn decode(bytes: &[u8], id: NodeId) -> Result<Self> {
        let mut wire = Wire(bytes);
        known(wire.byte().unwrap_or_default(), &format!("the node {id}"))?;
        let node = parse(&mut wire).filter(|node| {
            wire.is_empty() && node.slots.windows(2).all(|pair| matches!(pair, [a, b] if a.name() < b.name()))
        });
        node.ok_or_else(|| Error::damaged(format!("the node {id}"), "it is not a node of a folder"))
    }
}

fn parse(wire: &mut Wire<'_>) -> Option<FolderNode> {
    if wire.byte()? != FOLDER {
        return None;
    }
    let level = wire.byte()?;
    let slots = (0..wire.number()?).map(|_| {
        let name = wire.text()?.into();
        Some(match level {
            0 => Slot::Entry(Entry { name, kind: kind(wire)? }),
            _ => Slot::Branch(Branch { last: name, folder: folder(wire)? }),
        })
    });
    Some(FolderNode { level, slots: slots.collect::<Option<Vec<_>>>()? })
}

fn folder(wire: &mut Wire<'_>) -> Option<Folder> {
    let node = NodeId(wire.key()?);
    let (entries, files, bytes) = (wire.number()?, wire.number()?, wire.number()?);
    Some(Folder { node, totals: Totals { entries, files, bytes } })
}

fn kind(wire: &mut Wire<'_>) -> Option<Kind> {
    if let Some((b'D', rest)) = wire.0.split_first() {
        wire.0 = rest;
        return folder(wire).map(Kind::Folder);
    }
    take_file(wire).map(Kind::File)
}

pub(crate) fn take_file(wire: &mut Wire<'_>) -> Option<FileInfo> {
    let executable = match wire.byte()? {
        letter @ (b'x' | b'f') => letter == b'x',
        _ => return None,
    };
    let bytes = wire.number()?;
    let held = match bytes {
        0 => Held::Nothing,
        _ => match wire.byte()? {
            b'c' => Held::Chunk(ChunkId::from_bytes(wire.key()?)),
            b'l' => Held::List(NodeId(wire.key()?)),
            _ => return None,
        },
    };
    Some(FileInfo { content: Content { bytes, held }, executable })
}
