use crate::Root;
use crate::format::Key;
use crate::format::pack::Row;
use crate::objects::PackId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// What open sessions of this program count on; garbage collection leaves it alone. Sessions of other programs
/// are safe by time: nothing is removed before the longest session that may have been told of it is over.
#[derive(Default)]
pub(crate) struct Pins(Mutex<Vec<Weak<Pinned>>>);

/// What one session counts on.
pub(crate) struct Pinned {
    /// Versions its author may read.
    pub(crate) roots: Vec<Root>,
    /// The first half of the hash of each chunk and node it was sent or made, and its length. Whoever wants to
    /// pass another chunk off as one of these needs 2¹²⁸ tries.
    sent: Mutex<HashMap<[u8; 16], u32>>,
    /// The packs it wrote, which the index may not tell of yet, and those it goes on from.
    packs: Mutex<Vec<PackId>>,
}

impl Pins {
    pub(crate) fn add(&self, roots: Vec<Root>, packs: Vec<PackId>) -> Arc<Pinned> {
        let pinned = Arc::new(Pinned { roots, sent: Mutex::default(), packs: Mutex::new(packs) });
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.strong_count() > 0);
        all.push(Arc::downgrade(&pinned));
        pinned
    }

    pub(crate) fn open(&self) -> Vec<Arc<Pinned>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(Weak::upgrade).collect()
    }
}

pub(crate) fn half(key: &Key) -> [u8; 16] {
    let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *key;
    half
}

impl Pinned {
    /// Whether it is new.
    pub(crate) fn insert(&self, key: &Key, bytes: u32) -> bool {
        self.sent().insert(half(key), bytes).is_none()
    }

    /// Counts these as sent.
    pub(crate) fn extend(&self, rows: impl Iterator<Item = Row>) {
        self.sent().extend(rows.map(|row| (half(&row.key), row.plain)));
    }

    /// Its length in bytes, if it was sent.
    pub(crate) fn get(&self, key: &Key) -> Option<u32> {
        self.sent().get(&half(key)).copied()
    }

    /// All that it was sent or made.
    pub(crate) fn all(&self) -> Vec<[u8; 16]> {
        self.sent().keys().copied().collect()
    }

    pub(crate) fn add_pack(&self, pack: PackId) {
        self.packs.lock().unwrap_or_else(PoisonError::into_inner).push(pack);
    }

    pub(crate) fn packs(&self) -> Vec<PackId> {
        self.packs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn sent(&self) -> MutexGuard<'_, HashMap<[u8; 16], u32>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
