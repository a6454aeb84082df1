//! What this server is copying to the host, and how far it is.

use super::volumes::Tree;
use atelier_api::session::DataProgress;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::Semaphore;

/// The kind by which containers that fill volumes are known.
pub const FILL: &str = "data";
/// Volumes that are filled at a time: more would only share the same disk.
const AT_ONCE: usize = 2;

#[derive(Clone)]
pub struct Mounts(Arc<Inner>);

struct Inner {
    /// One at a time for each tree: who comes second finds it there.
    trees: Mutex<HashMap<Tree, Weak<Filling>>>,
    /// The containers' names for what they do.
    at_work: Mutex<HashSet<String>>,
    starts: Mutex<HashMap<String, Start>>,
    pub(super) turns: Semaphore,
}

/// A tree that is being looked for, copied, or waited for.
#[derive(Default)]
pub(super) struct Filling {
    pub(super) alone: tokio::sync::Mutex<()>,
    /// Bytes copied so far.
    pub(super) bytes: AtomicU64,
}

/// How far the data of a start is.
#[derive(Default)]
struct Start {
    of: i64,
    done: i64,
    current: Option<(Arc<Filling>, i64)>,
}

impl Default for Mounts {
    fn default() -> Mounts {
        Mounts(Arc::new(Inner {
            trees: Mutex::default(),
            at_work: Mutex::default(),
            starts: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
        }))
    }
}

impl Mounts {
    /// Whether this server fills a volume by this container.
    pub fn is_at_work(&self, name: &str) -> bool {
        lock(&self.0.at_work).contains(name)
    }

    /// How far the data of a start is, while it is being copied.
    pub fn progress(&self, workload_id: &str) -> Option<DataProgress> {
        let starts = lock(&self.0.starts);
        let Start { of, done, current } = starts.get(workload_id)?;
        let now = current.as_ref().map_or(0, |(filling, bytes)| {
            i64::try_from(filling.bytes.load(Ordering::Relaxed)).unwrap_or(i64::MAX).min(*bytes)
        });
        Some(DataProgress { bytes: done.saturating_add(now), of: *of })
    }

    pub(super) fn turns(&self) -> &Semaphore {
        &self.0.turns
    }

    pub(super) fn filling(&self, tree: &Tree) -> Arc<Filling> {
        let mut trees = lock(&self.0.trees);
        if let Some(known) = trees.get(tree).and_then(Weak::upgrade) {
            return known;
        }
        trees.retain(|_, filling| filling.strong_count() > 0);
        let new = Arc::<Filling>::default();
        trees.insert(tree.clone(), Arc::downgrade(&new));
        new
    }

    /// Until the answer is dropped, the container of this name is at work.
    pub(super) fn works(&self, name: &str) -> AtWork {
        lock(&self.0.at_work).insert(name.to_owned());
        AtWork { mounts: self.clone(), name: name.to_owned() }
    }

    /// Until the answer is dropped, the start is shown as copying so many bytes in all.
    pub(super) fn begin(&self, workload_id: &str, of: i64) -> Watched {
        lock(&self.0.starts).insert(workload_id.to_owned(), Start { of, ..Start::default() });
        Watched { mounts: self.clone(), workload_id: workload_id.to_owned() }
    }
}

pub(super) struct AtWork {
    mounts: Mounts,
    name: String,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        lock(&self.mounts.0.at_work).remove(&self.name);
    }
}

pub(super) struct Watched {
    mounts: Mounts,
    workload_id: String,
}

impl Watched {
    /// Now this tree is copied, which has so many bytes.
    pub(super) fn at(&self, filling: &Arc<Filling>, bytes: i64) {
        self.change(|start| start.current = Some((filling.clone(), bytes)));
    }

    /// It is there.
    pub(super) fn done(&self, bytes: i64) {
        self.change(|start| {
            start.current = None;
            start.done = start.done.saturating_add(bytes);
        });
    }

    fn change(&self, change: impl FnOnce(&mut Start)) {
        if let Some(start) = lock(&self.mounts.0.starts).get_mut(&self.workload_id) {
            change(start);
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        lock(&self.mounts.0.starts).remove(&self.workload_id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
