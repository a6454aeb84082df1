use crate::ChunkId;

/// What the hash of a node is derived from.
const NODE: &str = "Atelier store 2026-11-24 tree node";
/// What a piece counts in a node, and at how many bytes a node is closed at the latest.
const PIECE_BYTES: usize = 42;
const CLOSE_BYTES: usize = 56 << 10;
/// Where else a node ends: docs/store-format.md, "Where nodes end".
const TARGET_BYTES: u64 = 16 << 10;
const WEIGHT: u64 = 32 + 48;

/// What the bytes of a file are called as a whole, found chunk by chunk as the store finds it: who has fetched a
/// file knows by this that it is the one that a version lists. It holds a node per level, not the list.
#[derive(Default)]
pub struct ContentName {
    levels: Vec<Vec<Piece>>,
    first: Option<ChunkId>,
    count: u64,
}

/// A chunk at level 0, a node of the level below above it.
#[derive(Clone, Copy)]
struct Piece {
    key: [u8; 32],
    bytes: u64,
}

impl ContentName {
    /// The next chunk of the file.
    pub fn push(&mut self, chunk: ChunkId, bytes: usize) {
        self.first.get_or_insert(chunk);
        self.count += 1;
        self.put(0, Piece { key: *chunk.as_bytes(), bytes: bytes as u64 });
    }

    /// The name, in 32 bytes like a chunk's; none if the file is empty.
    pub fn finish(mut self) -> Option<ChunkId> {
        if self.count <= 1 {
            return self.first;
        }
        let mut at = 0;
        loop {
            let rest = self.levels.get_mut(at).map(std::mem::take).unwrap_or_default();
            let is_top = at + 1 >= self.levels.len();
            match rest[..] {
                [] => {}
                [only] if is_top && at > 0 => return Some(ChunkId::from_bytes(only.key)),
                _ if is_top => return Some(ChunkId::from_bytes(node(at, &rest).key)),
                _ => self.put(at + 1, node(at, &rest)),
            }
            at += 1;
        }
    }

    fn put(&mut self, mut at: usize, mut piece: Piece) {
        loop {
            if at == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let Some(level) = self.levels.get_mut(at) else { return };
            level.push(piece);
            if level.len() * PIECE_BYTES < CLOSE_BYTES && !ends_after(at, &piece.key) {
                return;
            }
            piece = node(at, &std::mem::take(level));
            at += 1;
        }
    }
}

fn ends_after(level: usize, key: &[u8; 32]) -> bool {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[level as u8]).update(key);
    let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
    u64::from(u32::from_le_bytes([a, b, c, d])) * TARGET_BYTES < WEIGHT << 32
}

/// The node of these pieces, as a piece of the level above.
fn node(level: usize, pieces: &[Piece]) -> Piece {
    let mut plain = vec![1, b'L', level as u8];
    put_number(&mut plain, pieces.len() as u64);
    for piece in pieces {
        plain.extend_from_slice(&piece.key);
        put_number(&mut plain, piece.bytes);
    }
    let key = *blake3::Hasher::new_derive_key(NODE).update(&plain).finalize().as_bytes();
    Piece { key, bytes: pieces.iter().map(|piece| piece.bytes).sum() }
}

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
