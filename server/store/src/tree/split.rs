//! Where a sequence is split into nodes: after an item whose name's hash says so, and that depends on nothing
//! else, so that a change moves no other boundary.

/// What a node measures on average, about.
const TARGET_BYTES: u64 = 16 << 10;
/// A node is closed when it has so many bytes at the latest. With the longest item it still is below 64 KiB.
pub(crate) const CLOSE_BYTES: usize = 56 << 10;
/// What an item is taken to measure beside its name. A constant: what a file holds must not move boundaries.
const BESIDE_NAME: u64 = 48;

/// Whether a node of this level ends after the item of this name.
pub(crate) fn ends_after(level: u8, name: &[u8]) -> bool {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[level]).update(name);
    let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
    let weight = name.len() as u64 + BESIDE_NAME;
    u64::from(u32::from_le_bytes([a, b, c, d])) * TARGET_BYTES < weight << 32
}

/// Gathers items into nodes.
pub(crate) struct Splitter<T> {
    level: u8,
    items: Vec<T>,
    bytes: usize,
}

impl<T> Splitter<T> {
    pub(crate) fn new(level: u8) -> Self {
        Self { level, items: Vec::new(), bytes: 0 }
    }

    /// The items of a node, if this one, of so many bytes, ends it.
    pub(crate) fn push(&mut self, item: T, name: &[u8], bytes: usize) -> Option<Vec<T>> {
        self.items.push(item);
        self.bytes += bytes;
        let full = self.bytes >= CLOSE_BYTES || ends_after(self.level, name);
        full.then(|| self.take())
    }

    /// Whether the next item begins a node.
    pub(crate) fn is_between(&self) -> bool {
        self.items.is_empty()
    }

    /// The items of the last node, when the sequence has ended.
    pub(crate) fn finish(&mut self) -> Option<Vec<T>> {
        (!self.items.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> Vec<T> {
        self.bytes = 0;
        std::mem::take(&mut self.items)
    }
}
