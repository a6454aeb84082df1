//! When a session has put too much on the disk. Pure.
//!
//! What counts is what the session's folders hold, which may be from earlier starts too: who is above the
//! limit already may start and clean up, but not add much.

use super::reserve::{Shortage, gib};
use atelier_api::channel::{Disk, Large};
use atelier_api::session::{DiskUse, DiskWarning, Failure, LargeEntry};

/// From this part of the limit on its owner is warned, in percent.
const WARN_AT: i64 = 80;
/// What may be added by somebody who is above the limit at the start, as a part of the limit.
const GRACE: i64 = 10;
/// Whoever added less than this since the start is not why a disk runs full.
const LITTLE: i64 = 16 << 20;
/// An agent is in the session's hands: what it tells is shown no further than this.
const LONGEST: usize = 200;

/// The setting, bytes; 0 switches it off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub limit: i64,
}

impl Rule {
    /// What a session may come to that began with so much.
    fn allowed(self, disk: &Disk) -> Option<i64> {
        (self.limit > 0).then(|| self.limit.max(signed(disk.begun_bytes).saturating_add(self.limit / GRACE)))
    }

    pub fn in_use(self, disk: &Disk) -> DiskUse {
        DiskUse { used_bytes: signed(disk.used_bytes), limit_bytes: self.allowed(disk) }
    }

    /// Why the session has to stop, if it has.
    pub(super) fn breach(self, disk: &Disk) -> Option<Failure> {
        let DiskUse { used_bytes, limit_bytes } = self.in_use(disk);
        let limit = limit_bytes.filter(|limit| used_bytes > *limit)?;
        let detail = format!(
            "Its folders came to {} on the disk, and {} is what they may hold, so it was stopped. All files \
             are kept{}. Start it again and delete what is no longer needed.",
            gib(used_bytes),
            gib(limit),
            largest_in_words(disk)
        );
        Some(Failure { code: "disk-limit".to_owned(), detail })
    }
}

/// What the owner is to be warned of: being close to the limit, or having written much on a disk that is
/// short.
pub fn warning(rule: Rule, disk: &Disk, shortage: Option<Shortage>) -> Option<DiskWarning> {
    let DiskUse { used_bytes, limit_bytes } = rule.in_use(disk);
    let near = limit_bytes.is_some_and(|limit| used_bytes >= limit / 100 * WARN_AT);
    let host_is_short = shortage.is_some() && grown(disk) >= LITTLE;
    let largest = disk.largest.iter().map(shown).collect();
    (near || host_is_short).then_some(DiskWarning { used_bytes, limit_bytes, host_is_short, largest })
}

/// Why the session that wrote most has to stop where the disk is short.
pub(super) fn for_the_reserve(disk: &Disk, shortage: Shortage) -> Failure {
    let detail = format!(
        "The host's disk ran full ({} free), and this session had written most since its start ({}), so it \
         was stopped. All files are kept{}. Delete what is no longer needed once there is space to start it.",
        gib(shortage.free),
        gib(grown(disk)),
        largest_in_words(disk)
    );
    Failure { code: Shortage::CODE.to_owned(), detail }
}

/// The one that has written most since its start, if any has written much.
pub(super) fn first_to_stop<T>(sessions: &[(T, Disk)]) -> Option<&(T, Disk)> {
    sessions.iter().filter(|(_, disk)| grown(disk) >= LITTLE).max_by_key(|(_, disk)| grown(disk))
}

fn grown(disk: &Disk) -> i64 {
    signed(disk.used_bytes.saturating_sub(disk.begun_bytes))
}

fn shown(large: &Large) -> LargeEntry {
    LargeEntry { path: large.path.chars().take(LONGEST).collect(), bytes: signed(large.bytes) }
}

fn largest_in_words(disk: &Disk) -> String {
    let largest = disk.largest.first().map(shown);
    largest
        .map_or_else(String::new, |large| format!("; the largest is {} ({})", large.path, gib(large.bytes)))
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;
    const RULE: Rule = Rule { limit: 10 << 30 };

    fn disk(used: u64, begun: u64) -> Disk {
        let largest = vec![Large { path: "/work/data".into(), bytes: used / 2 }];
        Disk { used_bytes: used, begun_bytes: begun, largest }
    }

    #[test]
    fn the_limit_holds_and_is_explained() {
        assert_eq!(RULE.breach(&disk(10 * GIB, 0)), None);
        let failure = RULE.breach(&disk(10 * GIB + 1, 0)).unwrap();
        assert_eq!(failure.code, "disk-limit");
        assert!(failure.detail.contains("10.0 GiB"), "{}", failure.detail);
        assert!(failure.detail.contains("/work/data (5.0 GiB)"), "{}", failure.detail);
        assert_eq!(Rule { limit: 0 }.breach(&disk(u64::MAX, 0)), None);
    }

    #[test]
    fn who_is_above_it_at_the_start_may_clean_up() {
        assert_eq!(RULE.breach(&disk(20 * GIB, 20 * GIB)), None);
        assert_eq!(RULE.breach(&disk(21 * GIB, 20 * GIB)), None);
        assert!(RULE.breach(&disk(21 * GIB + 1, 20 * GIB)).is_some());
        assert!(RULE.breach(&disk(u64::MAX, u64::MAX)).is_none(), "no overflow");
    }

    #[test]
    fn a_warning_comes_before_the_stop() {
        let warned = |used| warning(RULE, &disk(used, 0), None).is_some();
        assert!(!warned(7 * GIB) && warned(8 * GIB) && warned(11 * GIB));
        let short = Some(Shortage { free: 1, reserve: 2 });
        assert!(warning(RULE, &disk(GIB, 0), short).is_some_and(|warning| warning.host_is_short));
        assert_eq!(warning(RULE, &disk(GIB, GIB), short), None, "who writes nothing is left alone");
    }

    #[test]
    fn who_wrote_most_since_the_start_is_first() {
        let sessions =
            [("old", disk(9 * GIB, 9 * GIB)), ("most", disk(5 * GIB, GIB)), ("some", disk(2 * GIB, 0))];
        assert_eq!(first_to_stop(&sessions).map(|(id, _)| *id), Some("most"));
        assert!(first_to_stop(&sessions[..1]).is_none());
    }
}
