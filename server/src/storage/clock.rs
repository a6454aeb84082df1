//! Which day it is, for a bill that is written once and for all.
//!
//! A day that is billed is billed, so a clock that stands in the future for a moment must not bill what has not been.
//! Beside the clock on the wall there is one that does not jump: where they part by more than some minutes, the
//! earlier day holds until the new time has stood for an hour.

use crate::billing::Moment;
use std::sync::{Mutex, PoisonError};

const DAY_MS: i64 = 86_400_000;
/// More than clocks drift apart between two looks.
const DRIFT_MS: i64 = 5 * 60_000;
/// Who sets a clock right lets it stand.
const STANDS_MS: i64 = 3_600_000;

static STEADY: Mutex<Option<Steady>> = Mutex::new(None);

/// Days since the epoch, UTC.
pub(super) fn today() -> i64 {
    let now = Moment::now();
    let mut steady = STEADY.lock().unwrap_or_else(PoisonError::into_inner);
    steady.get_or_insert_with(|| Steady::at(&now)).day(&now)
}

/// The day of a moment.
pub(super) fn day_of(moment: i64) -> i64 {
    moment.div_euclid(DAY_MS)
}

/// The first moment of a day.
pub(super) fn begins(day: i64) -> i64 {
    day * DAY_MS
}

/// The time that is believed.
struct Steady {
    wall: i64,
    boot_ms: i64,
    /// By the clock that does not jump.
    parted_at: Option<i64>,
}

impl Steady {
    fn at(now: &Moment) -> Steady {
        Steady { wall: now.wall, boot_ms: now.boot_ms, parted_at: None }
    }

    fn day(&mut self, now: &Moment) -> i64 {
        let expected = self.wall + (now.boot_ms - self.boot_ms);
        let together = (now.wall - expected).abs() <= DRIFT_MS;
        let parted_at = *self.parted_at.get_or_insert(now.boot_ms);
        if together || now.boot_ms - parted_at >= STANDS_MS {
            *self = Steady::at(now);
            return day_of(now.wall);
        }
        day_of(now.wall.min(expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn moment(wall: i64, boot_ms: i64) -> Moment {
        Moment { wall, boot_id: "boot".into(), boot_ms }
    }

    #[test]
    fn days_pass() {
        let mut steady = Steady::at(&moment(10 * DAY_MS, 0));
        for hours in 0..100 {
            let now = moment(10 * DAY_MS + hours * HOUR + hours * 60_000, hours * HOUR);
            assert_eq!(steady.day(&now), day_of(now.wall), "{hours}");
        }
    }

    #[test]
    fn a_clock_that_is_in_the_future_for_a_moment_brings_no_day_nearer() {
        let noon = 10 * DAY_MS + DAY_MS / 2;
        let mut steady = Steady::at(&moment(noon, 0));
        assert_eq!(steady.day(&moment(noon + 400 * DAY_MS, 60_000)), 10);
        assert_eq!(steady.day(&moment(noon + 400 * DAY_MS + HOUR / 2, HOUR / 2)), 10);
        // It is set back.
        assert_eq!(steady.day(&moment(noon + HOUR, HOUR)), 10);
        assert_eq!(steady.day(&moment(noon + DAY_MS, DAY_MS)), 11);
    }

    #[test]
    fn a_clock_that_was_set_right_is_believed_after_an_hour() {
        let mut steady = Steady::at(&moment(0, 0));
        let right = 20_000 * DAY_MS;
        assert_eq!(steady.day(&moment(right, 1000)), 0);
        assert_eq!(steady.day(&moment(right + HOUR / 2, HOUR / 2)), 0);
        assert_eq!(steady.day(&moment(right + HOUR, HOUR + 1000)), 20_000);
        // And back: no day comes again, which is the earlier one at once.
        assert_eq!(steady.day(&moment(right - DAY_MS, HOUR + 2000)), 19_999);
    }
}
