//! The list of chunks of a large file: made chunk by chunk, read from any byte on.

use super::nodes::Nodes;
use super::split::Splitter;
use super::{Content, Held, NodeId};
use crate::Result;
use crate::format::content::{ListNode, PIECE_BYTES, Piece};
use crate::session::packer::Packer;
use atelier_chunk::ChunkId;

/// Gathers the chunks of a file. It holds a node per level, not the list.
#[derive(Default)]
pub(crate) struct Lister {
    levels: Vec<Splitter<Piece>>,
    first: Option<ChunkId>,
    count: u64,
    bytes: u64,
}

impl Lister {
    /// The next chunk of the file.
    pub(crate) async fn push(&mut self, packer: &Packer, chunk: ChunkId, bytes: u32) -> Result<()> {
        self.first.get_or_insert(chunk);
        self.count += 1;
        self.bytes += u64::from(bytes);
        self.put(packer, 0, Piece { key: *chunk.as_bytes(), bytes: u64::from(bytes) }).await
    }

    async fn put(&mut self, packer: &Packer, mut at: usize, mut piece: Piece) -> Result<()> {
        loop {
            if at == self.levels.len() {
                self.levels.push(Splitter::new(at as u8));
            }
            let full = self.levels.get_mut(at).and_then(|level| level.push(piece, &piece.key, PIECE_BYTES));
            let Some(pieces) = full else { return Ok(()) };
            piece = save(packer, at, pieces).await?;
            at += 1;
        }
    }

    /// The file whose chunks these were.
    pub(crate) async fn finish(mut self, packer: &Packer) -> Result<Content> {
        let bytes = self.bytes;
        let held = match (self.first, self.count) {
            (None, _) => Held::Nothing,
            (Some(chunk), 1) => Held::Chunk(chunk),
            _ => Held::List(self.top(packer).await?),
        };
        Ok(Content { bytes, held })
    }

    async fn top(&mut self, packer: &Packer) -> Result<NodeId> {
        let mut at = 0;
        loop {
            let rest = self.levels.get_mut(at).and_then(Splitter::finish);
            let is_top = at + 1 >= self.levels.len();
            match rest {
                Some(pieces) if is_top => {
                    let only = match &pieces[..] {
                        [only] if at > 0 => Some(NodeId(only.key)),
                        _ => None,
                    };
                    return match only {
                        Some(node) => Ok(node),
                        None => Ok(NodeId(save(packer, at, pieces).await?.key)),
                    };
                }
                Some(pieces) => {
                    let piece = save(packer, at, pieces).await?;
                    self.put(packer, at + 1, piece).await?;
                }
                None => {}
            }
            at += 1;
        }
    }
}

async fn save(packer: &Packer, level: usize, pieces: Vec<Piece>) -> Result<Piece> {
    let node = ListNode { level: level as u8, pieces };
    Ok(Piece { bytes: node.bytes(), key: packer.add_node(node.encode()).await?.0 })
}

/// The chunks of a file from one that holds a given byte on.
pub(crate) struct Chunks {
    /// From the top node down: the pieces left of each, in reverse.
    stack: Vec<(u8, Vec<Piece>)>,
    /// Bytes still to be left out on the way to the first chunk.
    skip: u64,
}

impl Chunks {
    /// With it come the bytes of the first chunk before the byte asked for.
    pub(crate) async fn from(nodes: &Nodes<'_>, content: &Content, start: u64) -> Result<(Self, u64)> {
        let mut chunks = Self { stack: Vec::new(), skip: start };
        match content.held {
            Held::Nothing => {}
            Held::Chunk(chunk) => {
                chunks.stack.push((0, vec![Piece { key: *chunk.as_bytes(), bytes: content.bytes }]));
            }
            Held::List(node) => {
                chunks.enter(nodes, node).await?;
                while let Some(below) = chunks.branch() {
                    chunks.enter(nodes, below).await?;
                }
            }
        }
        let skip = std::mem::take(&mut chunks.skip);
        Ok((chunks, skip))
    }

    async fn enter(&mut self, nodes: &Nodes<'_>, node: NodeId) -> Result<()> {
        let node = nodes.list(node).await?;
        let mut pieces = node.pieces;
        let before = pieces.iter().take_while(|piece| {
            let whole = self.skip >= piece.bytes;
            self.skip -= if whole { piece.bytes } else { 0 };
            whole
        });
        let before = before.count();
        pieces.drain(..before);
        pieces.reverse();
        self.stack.push((node.level, pieces));
        Ok(())
    }

    /// Takes the node that comes next, if it is one.
    fn branch(&mut self) -> Option<NodeId> {
        while self.stack.last().is_some_and(|(_, pieces)| pieces.is_empty()) {
            self.stack.pop();
        }
        match self.stack.last_mut() {
            Some((1.., pieces)) => pieces.pop().map(|piece| NodeId(piece.key)),
            _ => None,
        }
    }

    /// The next chunk and its length.
    pub(crate) async fn next(&mut self, nodes: &Nodes<'_>) -> Result<Option<(ChunkId, u64)>> {
        while let Some(below) = self.branch() {
            self.enter(nodes, below).await?;
        }
        let piece = self.stack.last_mut().and_then(|(_, pieces)| pieces.pop());
        Ok(piece.map(|piece| (ChunkId::from_bytes(piece.key), piece.bytes)))
    }
}
