//! What the agents said last. Kept in memory only: it is said again within seconds.

use super::recent::Recent;
use crate::db::now;
use crate::disk;
use atelier_api::channel::Activity;
use atelier_api::session::Usage;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Listeners hear of new figures of one workload at most this often.
const TELL_EVERY_MS: i64 = 5_000;

/// Kernels and terminals kept of a report, and characters of a path.
const MOST: usize = 100;
const LONGEST: usize = 512;
/// Of the largest things on the disk.
const MOST_LARGE: usize = 3;

/// The latest report of each running workload.
#[derive(Clone, Default)]
pub struct Latest(Arc<Mutex<HashMap<String, Observed>>>);

/// A report and what follows from it and the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    pub generation: i64,
    pub at: i64,
    pub activity: Activity,
    /// Thousandths of a CPU used since the report before; absent at the first.
    pub cpu_milli: Option<i64>,
    recent: Recent,
    told_at: i64,
}

impl Latest {
    /// Takes a report; says whether it is time to tell the listeners.
    pub fn note(&self, id: &str, generation: i64, activity: Activity) -> bool {
        let activity = bounded(activity);
        let mut latest = self.lock();
        let before = latest.get(id).filter(|before| before.generation == generation);
        let observed = Observed::after(before, generation, activity, now());
        let tell = observed.told_at == observed.at;
        latest.insert(id.to_owned(), observed);
        tell
    }

    pub fn of(&self, id: &str, generation: i64) -> Option<Observed> {
        self.lock().get(id).filter(|observed| observed.generation == generation).cloned()
    }

    pub fn forget(&self, id: &str) {
        self.lock().remove(id);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Observed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an agent says is shown to others: a hostile one must not fill their pages.
fn bounded(mut activity: Activity) -> Activity {
    activity.kernels.truncate(MOST);
    activity.terminals.truncate(MOST);
    if let Some(disk) = &mut activity.disk {
        disk.largest.truncate(MOST_LARGE);
    }
    for kernel in &mut activity.kernels {
        kernel.path = kernel.path.take().map(|path| path.chars().take(LONGEST).collect());
    }
    activity
}

impl Observed {
    fn after(before: Option<&Observed>, generation: i64, activity: Activity, now: i64) -> Observed {
        let told_at = before.map(|before| before.told_at).filter(|at| now - at < TELL_EVERY_MS);
        let cpu_milli = before.and_then(|before| {
            let ms = now - before.at;
            let used = activity.cpu_ns.saturating_sub(before.activity.cpu_ns);
            // ns per ms are millionths of a CPU.
            (ms > 0).then(|| i64::try_from(used / 1000).unwrap_or(i64::MAX) / ms)
        });
        let used_ns = activity.cpu_ns;
        let recent = match before {
            Some(before) => before.recent.clone().after(now, used_ns),
            None => Recent::beginning(now, used_ns),
        };
        Observed { generation, at: now, activity, cpu_milli, recent, told_at: told_at.unwrap_or(now) }
    }

    pub fn usage(&self, rule: disk::Rule) -> Usage {
        Usage {
            cpu_recent: self.recent.averages(),
            at: self.at,
            cpu_milli: self.cpu_milli.unwrap_or_default(),
            memory_bytes: i64::try_from(self.activity.memory_bytes).unwrap_or(i64::MAX),
            disk: self.activity.disk.as_ref().map(|disk| rule.in_use(disk)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(cpu_ns: u64) -> Activity {
        Activity { cpu_ns, ..Activity::default() }
    }

    #[test]
    fn cpu_is_what_was_used_between_two_reports() {
        let first = Observed::after(None, 1, used(5_000_000_000), 10_000);
        assert_eq!(first.cpu_milli, None);
        // One and a half CPU for two seconds.
        let second = Observed::after(Some(&first), 1, used(8_000_000_000), 12_000);
        assert_eq!(second.cpu_milli, Some(1500));
        let restarted = Observed::after(Some(&second), 1, used(0), 14_000);
        assert_eq!(restarted.cpu_milli, Some(0));
    }

    #[test]
    fn listeners_are_not_flooded() {
        let first = Observed::after(None, 1, used(0), 10_000);
        assert_eq!(first.told_at, 10_000);
        let second = Observed::after(Some(&first), 1, used(0), 13_000);
        assert_eq!(second.told_at, 10_000);
        let third = Observed::after(Some(&second), 1, used(0), 15_000);
        assert_eq!(third.told_at, 15_000);
    }
}
