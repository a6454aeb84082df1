//! A node of the list of chunks of a large file: at level 0 chunks, above it nodes of the level below.

use super::wire::{Wire, put_number};
use super::{FORMAT_VERSION, Key, known};
use crate::tree::NodeId;
use crate::{Error, Result};

const LIST: u8 = b'L';

/// A chunk at level 0, a node above it, with the bytes of the file in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    pub(crate) key: Key,
    pub(crate) bytes: u64,
}

/// A node of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ListNode {
    pub(crate) level: u8,
    pub(crate) pieces: Vec<Piece>,
}

/// What a piece measures at most when encoded.
pub(crate) const PIECE_BYTES: usize = 42;

impl ListNode {
    pub(crate) fn bytes(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.bytes).fold(0, u64::saturating_add)
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT_VERSION, LIST, self.level];
        put_number(&mut out, self.pieces.len() as u64);
        for piece in &self.pieces {
            out.extend_from_slice(&piece.key);
            put_number(&mut out, piece.bytes);
        }
        out
    }

    pub(crate) fn decode(bytes: &[u8], id: NodeId) -> Result<Self> {
        let mut wire = Wire(bytes);
        known(wire.byte().unwrap_or_default(), &format!("the node {id}"))?;
        let node = parse(&mut wire).filter(|_| wire.is_empty());
        node.ok_or_else(|| Error::damaged(format!("the node {id}"), "it is not a list of chunks"))
    }
}

fn parse(wire: &mut Wire<'_>) -> Option<ListNode> {
    if wire.byte()? != LIST {
        return None;
    }
    let level = wire.byte()?;
    let pieces = (0..wire.number()?).map(|_| Some(Piece { key: wire.key()?, bytes: wire.number()? }));
    Some(ListNode { level, pieces: pieces.collect::<Option<Vec<_>>>()? })
}
