//! Small chunks of a remote object store are read in blocks, so that those beside them in a pack come together:
//! what was written together is mostly read together.

use crate::Result;
use crate::index::Spot;
use crate::objects::{Objects, PackId};
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

const BLOCK_BYTES: u64 = 256 << 10;
/// A larger chunk is read alone.
const SMALL_BYTES: u32 = 64 << 10;
/// Blocks that are kept, in bytes.
const KEPT_BYTES: u64 = 8 << 20;

/// The blocks that were read last.
pub(crate) struct Blocks(Cache<(PackId, u64), Bytes, Bytewise>);

#[derive(Clone)]
struct Bytewise;

impl Weighter<(PackId, u64), Bytes> for Bytewise {
    fn weight(&self, _: &(PackId, u64), bytes: &Bytes) -> u64 {
        bytes.len() as u64 + 1
    }
}

impl Default for Blocks {
    fn default() -> Self {
        Self(Cache::with_weighter((KEPT_BYTES / BLOCK_BYTES) as usize, KEPT_BYTES, Bytewise))
    }
}

impl Blocks {
    /// A chunk as it is stored.
    pub(crate) async fn body(&self, objects: &Objects, spot: Spot) -> Result<Bytes> {
        let from = u64::from(spot.offset);
        let to = from + u64::from(spot.row.stored);
        if objects.is_local() || spot.row.stored > SMALL_BYTES {
            return objects.range(spot.pack, from..to).await;
        }
        let mut body = Vec::with_capacity(spot.row.stored as usize);
        for block in from / BLOCK_BYTES..to.div_ceil(BLOCK_BYTES) {
            let begin = block * BLOCK_BYTES;
            let fetch = objects.some_of(spot.pack, begin..begin + BLOCK_BYTES);
            let bytes = self.0.get_or_insert_async(&(spot.pack, block), fetch).await?;
            let at = |end: u64| (end.saturating_sub(begin) as usize).min(bytes.len());
            body.extend_from_slice(&bytes[at(from)..at(to)]);
        }
        objects.whole(spot.pack, body.into(), spot.row.stored.into())
    }
}
