//! Moments and durations, in the reader's zone.

use super::intl::{format, options};
use super::size::number;
use crate::text::tr;
use js_sys::Date;
use wasm_bindgen::JsValue;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// This machine's clock, in milliseconds since the epoch.
pub(crate) fn now() -> i64 {
    Date::now() as i64
}

/// `24 Nov 2026, 12:40`
pub(crate) fn moment(at: i64) -> String {
    date_time(at, &[("dateStyle", "medium".into()), ("timeStyle", "short".into())])
}

/// `24 Nov 2026, 12:40:07`: where seconds are money.
pub(crate) fn second(at: i64) -> String {
    date_time(at, &[("dateStyle", "medium".into()), ("timeStyle", "medium".into())])
}

/// `24 Nov 2026`
pub(crate) fn date(at: i64) -> String {
    date_time(at, &[("dateStyle", "medium".into())])
}

/// A day of the bill, which begins at midnight UTC: `24 Nov`.
pub(crate) fn bill_day(at: i64) -> String {
    date_time(at, &[("day", "numeric".into()), ("month", "short".into()), ("timeZone", "UTC".into())])
}

/// `2026-11` as `November 2026`.
pub(crate) fn month(month: &str) -> String {
    let at = Date::parse(&format!("{month}-01T00:00:00Z")) as i64;
    date_time(at, &[("year", "numeric".into()), ("month", "long".into()), ("timeZone", "UTC".into())])
}

/// The months of the bill, the current one first: `2026-11`, `2026-10` …
pub(crate) fn last_months(count: u32) -> Vec<String> {
    let today = Date::new_0();
    let (mut year, mut month) = (today.get_utc_full_year(), today.get_utc_month());
    let mut months = Vec::new();
    for _ in 0..count {
        months.push(format!("{year:04}-{:02}", month + 1));
        (year, month) = if month == 0 { (year - 1, 11) } else { (year, month - 1) };
    }
    months
}

fn date_time(at: i64, pairs: &[(&str, JsValue)]) -> String {
    let date = Date::new(&JsValue::from_f64(at as f64));
    format("DateTimeFormat", &options(pairs), "format", &[date.into()]).unwrap_or_default()
}

/// How long ago, in words: `12 minutes ago`, `yesterday`.
pub(crate) fn ago(at: i64, now: i64) -> String {
    let past = (now - at).max(0);
    let (count, unit) = match past {
        _ if past < MINUTE => return tr!(common.just_now).to_owned(),
        _ if past < HOUR => (past / MINUTE, "minute"),
        _ if past < DAY => (past / HOUR, "hour"),
        _ if past < 30 * DAY => (past / DAY, "day"),
        _ => return date(at),
    };
    let options = options(&[("numeric", "auto".into())]);
    let count = JsValue::from_f64(-count as f64);
    format("RelativeTimeFormat", &options, "format", &[count, unit.into()]).unwrap_or_default()
}

/// A duration in its two largest units: `41 min`, `2 h 5 min`, `3 d 4 h`.
pub(crate) fn duration(ms: i64) -> String {
    let ms = ms.max(0);
    if ms < MINUTE {
        return tr!(common.seconds, n = ms / SECOND);
    }
    if ms < HOUR {
        return tr!(common.minutes, n = ms / MINUTE);
    }
    let (large, small) = if ms < DAY {
        (tr!(common.hours, n = ms / HOUR), ms % HOUR / MINUTE)
    } else {
        (tr!(common.days, n = ms / DAY), ms % DAY / HOUR)
    };
    match small {
        0 => large,
        _ if ms < DAY => format!("{large} {}", tr!(common.minutes, n = small)),
        _ => format!("{large} {}", tr!(common.hours, n = small)),
    }
}

/// A duration to the second, as the ledger has it: `1:00:07`.
pub(crate) fn clock(ms: i64) -> String {
    let seconds = ms.max(0) / SECOND;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A step's duration: `0.4 s`, then as others.
pub(crate) fn fine_duration(ms: i64) -> String {
    if ms < MINUTE {
        tr!(common.seconds, n = number((ms.max(0) / 100) as f64 / 10.0, 1))
    } else {
        let seconds = ms % MINUTE / SECOND;
        if ms < HOUR && seconds > 0 {
            format!("{} {}", tr!(common.minutes, n = ms / MINUTE), tr!(common.seconds, n = seconds))
        } else {
            duration(ms)
        }
    }
}
