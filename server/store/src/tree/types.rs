use crate::format::Key;
use crate::{Error, Result};
use atelier_chunk::ChunkId;
use std::fmt;
use std::str::FromStr;

/// What the hash of a node is derived from, so that no bytes of a file can pass for one.
const CONTEXT: &str = "Atelier store 2026-11-24 tree node";

/// The name of a node: BLAKE3 in its key derivation mode of the node's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) Key);

impl NodeId {
    pub(crate) fn of(plain: &[u8]) -> Self {
        Self(*blake3::Hasher::new_derive_key(CONTEXT).update(plain).finalize().as_bytes())
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A version: the name of its top folder. Equal files and folders have an equal root, however they came about.
/// Whoever holds one may read all of it, so it comes from the caller's database, never from a client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Root(pub(crate) NodeId);

impl Root {
    /// The root whose 32 bytes these are.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(NodeId(bytes))
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0.0
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Root {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let id: ChunkId = text.parse().map_err(|_| Error::Setting(format!("{text:?} is not a root hash")))?;
        Ok(Self::from_bytes(*id.as_bytes()))
    }
}

/// What a folder holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Files and folders right in it.
    pub entries: u64,
    /// Files in it and below.
    pub files: u64,
    /// Bytes of these files, each counted in full.
    pub bytes: u64,
}

impl std::iter::Sum for Totals {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |sum, part| Self {
            entries: sum.entries.saturating_add(part.entries),
            files: sum.files.saturating_add(part.files),
            bytes: sum.bytes.saturating_add(part.bytes),
        })
    }
}

/// The bytes of a file, as a proof: only a session makes one, of chunks that it was sent or may read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Content {
    pub(crate) bytes: u64,
    pub(crate) held: Held,
}

/// Where the bytes of a file are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Held {
    Nothing,
    Chunk(ChunkId),
    /// The list of its chunks.
    List(NodeId),
}

impl Content {
    /// Its length in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What it is called: equal bytes that were cut alike have the same name, others never. Who knows it can
    /// open nothing with it.
    pub fn name(&self) -> ChunkId {
        match self.held {
            Held::Nothing => ChunkId::of(b""),
            Held::Chunk(chunk) => chunk,
            Held::List(node) => ChunkId::from_bytes(node.0),
        }
    }
}

/// A file as a version keeps it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FileInfo {
    /// Its bytes.
    pub content: Content,
    /// Whether it may be run.
    pub executable: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Folder {
    pub(crate) node: NodeId,
    pub(crate) totals: Totals,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    File(FileInfo),
    Folder(Folder),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) name: Box<str>,
    pub(crate) kind: Kind,
}

impl Entry {
    /// What it adds to the totals of its folder.
    pub(crate) fn totals(&self) -> Totals {
        match self.kind {
            Kind::File(file) => Totals { entries: 1, files: 1, bytes: file.content.bytes },
            Kind::Folder(folder) => Totals { entries: 1, ..folder.totals },
        }
    }
}
