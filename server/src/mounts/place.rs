//! What of a start's data goes into the container, and what is too much. Pure.

use crate::app::App;
use atelier_api::session::{DataPlace, MOST_DATASETS};

/// A file takes a block of its own, however small it is.
const BLOCK: i64 = 4096;

/// The settings, in bytes; 0 for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of one version.
    pub version: i64,
    /// Of all that is on the host.
    pub host: i64,
}

impl Limits {
    pub fn of(app: &App) -> Limits {
        let bytes = |mib: u32| i64::from(mib) << 20;
        Limits { version: bytes(app.config.data_version_mib), host: bytes(app.config.data_cache_mib) }
    }
}

/// About what a version takes on a disk.
pub(super) fn on_disk(bytes: i64, files: i64) -> i64 {
    bytes.saturating_add(files.saturating_mul(BLOCK))
}

/// Where versions of these sizes go, in their order: the small ones first, so that as many as possible are there.
pub(super) fn places(limits: Limits, sizes: &[i64]) -> Vec<DataPlace> {
    let within = |limit: i64, bytes: i64| limit == 0 || bytes <= limit;
    let mut order: Vec<(usize, i64)> = sizes.iter().copied().enumerate().collect();
    order.sort_by_key(|(at, bytes)| (*bytes, *at));
    let (mut sum, mut count) = (0_i64, 0);
    let mut places = vec![DataPlace::NoRoom; sizes.len()];
    for (at, bytes) in order {
        let all = sum.saturating_add(bytes);
        let place = match () {
            () if !within(limits.version, bytes) => DataPlace::TooLarge,
            () if !within(limits.host, all) || count == MOST_DATASETS => DataPlace::NoRoom,
            () => {
                (sum, count) = (all, count + 1);
                DataPlace::Mounted
            }
        };
        if let Some(slot) = places.get_mut(at) {
            *slot = place;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use DataPlace::{Mounted, NoRoom, TooLarge};

    #[test]
    fn what_fits_is_there_and_the_smallest_come_first() {
        let limits = Limits { version: 100, host: 150 };
        assert_eq!(places(limits, &[90, 101, 60, 1, 100]), [NoRoom, TooLarge, Mounted, Mounted, NoRoom]);
        assert_eq!(places(limits, &[90, 60]), [Mounted, Mounted]);
        assert_eq!(places(Limits { version: 0, host: 0 }, &[i64::MAX, i64::MAX]), [Mounted, Mounted]);
        assert_eq!(places(limits, &[]), []);
        let many = places(Limits { version: 0, host: 0 }, &[1; MOST_DATASETS + 1]);
        assert_eq!(many.iter().filter(|place| **place == Mounted).count(), MOST_DATASETS);
    }

    #[test]
    fn small_files_count_what_they_take() {
        assert_eq!(on_disk(10, 2), 10 + 2 * 4096);
        assert_eq!(on_disk(i64::MAX, i64::MAX), i64::MAX);
    }
}
