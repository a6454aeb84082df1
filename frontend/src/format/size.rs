//! Memory, CPU, files.

use super::intl::{format, options};
use crate::text::tr;
use atelier_api::money::Micros;

const TIB: f64 = 1_099_511_627_776.0;
const GIB: f64 = 1_073_741_824.0;
const MIB: f64 = 1_048_576.0;
const KIB: f64 = 1_024.0;

/// `4 GB`, `640 MB`: in powers of 1,024, as the limits are.
pub(crate) fn memory(bytes: i64) -> String {
    let bytes = bytes as f64;
    if bytes >= GIB {
        tr!(common.gigabytes, n = number(bytes / GIB, 1))
    } else {
        tr!(common.megabytes, n = number(bytes / MIB, 0))
    }
}

/// Of files, which may be small: `12 B`, `3.4 KB`, `1.4 TB`.
pub(crate) fn bytes(bytes: i64) -> String {
    let bytes = bytes as f64;
    // One place as long as it says something.
    let figure = |unit: f64| number(bytes / unit, u32::from(bytes < 100.0 * unit));
    match bytes {
        _ if bytes >= TIB => tr!(common.terabytes, n = figure(TIB)),
        _ if bytes >= GIB => tr!(common.gigabytes, n = figure(GIB)),
        _ if bytes >= MIB => tr!(common.megabytes, n = figure(MIB)),
        _ if bytes >= KIB => tr!(common.kilobytes, n = figure(KIB)),
        _ => tr!(common.bytes, n = number(bytes, 0)),
    }
}

/// Thousandths of a CPU as CPUs: `2`, `0.5`.
pub(crate) fn cpu(milli: i64) -> String {
    number(milli as f64 / 1000.0, 2)
}

/// `2 CPU, 4 GB`
pub(crate) fn tier(cpu_milli: i64, memory_bytes: i64) -> String {
    tr!(common.cpu_and_memory, cpu = cpu(cpu_milli), memory = memory(memory_bytes))
}

/// A part of a whole in percent, 0 to 100.
pub(crate) fn percent_of(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { (i128::from(part) * 100 / i128::from(whole)).clamp(0, 100) as i64 }
}

/// How much of a quota is used, in percent; more than 100 if there is more than there may be.
pub(crate) fn used(bytes: i64, quota: i64) -> i64 {
    match quota {
        ..=0 => 100,
        _ => i64::try_from(i128::from(bytes) * 100 / i128::from(quota)).unwrap_or(i64::MAX),
    }
}

/// How many times less is stored than there is in versions, `3.9`; absent where that says nothing.
pub(crate) fn ratio(versions: i64, stored: i64) -> Option<String> {
    let ratio = versions as f64 / stored as f64;
    (stored > 0 && ratio >= 1.05).then(|| number(ratio, 1))
}

/// As it is typed into a form: `12.5`.
pub(crate) fn as_gigabytes(bytes: i64) -> String {
    let millionths = i128::from(bytes) * 1_000_000 / (1 << 30);
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What was typed as gigabytes, in bytes: `12.5` or `12,5`.
pub(crate) fn of_gigabytes(text: &str) -> Option<i64> {
    let Micros(millionths) = text.parse().ok()?;
    i64::try_from(i128::from(millionths) * (1 << 30) / 1_000_000).ok()
}

/// A figure of unknown size: six digits that count, and powers of ten where zeros would hide them.
pub(crate) fn figure(value: f64) -> String {
    let plain = value == 0.0 || (1e-4..1e9).contains(&value.abs());
    let notation = if plain { "standard" } else { "scientific" };
    let options = options(&[("maximumSignificantDigits", 6.into()), ("notation", notation.into())]);
    format("NumberFormat", &options, "format", &[value.into()]).unwrap_or_else(|| value.to_string())
}

pub(crate) fn number(value: f64, places: u32) -> String {
    let options = options(&[("maximumFractionDigits", places.into())]);
    format("NumberFormat", &options, "format", &[value.into()]).unwrap_or_else(|| value.to_string())
}
