use crate::format::pack::Row;
use crate::index::View;
use crate::tree::NodeId;
use atelier_chunk::ChunkId;
use bytes::Bytes;
use std::cell::RefCell;
use zstd::bulk::Compressor;

/// A low level: data is read more often than it is written, but it waits for nobody.
const LEVEL: i32 = 1;
/// What is looked at of a chunk to tell whether it can be squeezed.
const SAMPLE_BYTES: usize = 16 << 10;

/// A chunk or node as it will be stored.
pub(crate) struct Squeezed {
    pub(crate) row: Row,
    /// Its body; none if the store has it already.
    pub(crate) body: Option<Bytes>,
}

impl Squeezed {
    /// A chunk of this name. Runs where it may take milliseconds.
    pub(crate) fn chunk(id: ChunkId, plain: Bytes, view: &View) -> Self {
        Self::of(*id.as_bytes(), false, plain, view)
    }

    /// A node.
    pub(crate) fn node(plain: Bytes, view: &View) -> (NodeId, Self) {
        let id = NodeId::of(&plain);
        (id, Self::of(id.0, true, plain, view))
    }

    fn of(key: [u8; 32], is_node: bool, plain: Bytes, view: &View) -> Self {
        if let Some(spot) = view.find(&key) {
            return Self { row: spot.row, body: None };
        }
        let squeezed = squeeze(&plain);
        let (is_zstd, len) = (squeezed.is_some(), plain.len() as u32);
        let body = squeezed.map_or(plain, Bytes::from);
        Self { row: Row { key, is_node, is_zstd, stored: body.len() as u32, plain: len }, body: Some(body) }
    }
}

thread_local! {
    /// Making one takes longer than squeezing a small file.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = RefCell::new(Compressor::new(LEVEL).ok());
}

/// The bytes squeezed, if that saves a sixteenth at least.
fn squeeze(plain: &[u8]) -> Option<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|compressor| {
        let compressor = compressor.as_mut()?;
        let middle = plain.len().saturating_sub(SAMPLE_BYTES) / 2;
        let sample = plain.get(middle..middle + SAMPLE_BYTES);
        if let Some(sample) = sample {
            worthwhile(compressor.compress(sample).ok()?, sample)?;
        }
        worthwhile(compressor.compress(plain).ok()?, plain)
    })
}

fn worthwhile(squeezed: Vec<u8>, plain: &[u8]) -> Option<Vec<u8>> {
    (squeezed.len() + plain.len() / 16 < plain.len()).then_some(squeezed)
}
