//! What is being done to each workload: one thing at a time, and no workload waits for another.

use super::wanted::Goal;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The tasks under way, by workload.
#[derive(Clone)]
pub struct Tasks {
    running: Arc<Mutex<HashMap<String, Running>>>,
    /// Told when a task has made a difference.
    wake: Arc<Notify>,
}

struct Running {
    /// What the task works towards; it is cut short when that is no longer the goal.
    towards: Option<(Goal, i64)>,
    cancel: CancellationToken,
}

impl Tasks {
    pub fn new(wake: Arc<Notify>) -> Tasks {
        Tasks { running: Arc::default(), wake }
    }

    /// Runs `work` for `key` unless something is done to it already; if it says so, one looks again at its
    /// end. A task cut short stops where it waits, as if the server had died there; the next pass goes on
    /// from what is then seen.
    pub fn spawn(
        &self,
        key: &str,
        towards: Option<(Goal, i64)>,
        work: impl Future<Output = bool> + Send + 'static,
    ) {
        let cancel = CancellationToken::new();
        match self.lock().entry(key.to_owned()) {
            Entry::Occupied(_) => return,
            Entry::Vacant(free) => free.insert(Running { towards, cancel: cancel.clone() }),
        };
        let done = Done { tasks: self.clone(), key: key.to_owned() };
        let wake = self.wake.clone();
        tokio::spawn(async move {
            let look_again = cancel.run_until_cancelled(work).await.unwrap_or(true);
            drop(done);
            if look_again {
                wake.notify_one();
            }
        });
    }

    /// Cuts a task short whose goal is no longer `goal` in this generation.
    pub fn cut_short_unless(&self, key: &str, goal: Goal, generation: i64) {
        if let Some(running) = self.lock().get(key)
            && running.towards.is_some_and(|towards| towards != (goal, generation))
        {
            running.cancel.cancel();
        }
    }

    /// Cuts all short: another server goes on.
    pub fn cut_all_short(&self) {
        self.lock().values().for_each(|running| running.cancel.cancel());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the task off the list, even if it panicked.
struct Done {
    tasks: Tasks,
    key: String,
}

impl Drop for Done {
    fn drop(&mut self) {
        self.tasks.lock().remove(&self.key);
    }
}
