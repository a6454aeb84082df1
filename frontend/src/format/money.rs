//! Amounts in the organization's currency. The figures go to `Intl` as decimal text, never as floating point.

use super::intl::{format, options};
use atelier_api::money::Micros;

/// Below this, cents would show nothing.
const SMALL: i64 = 10_000;

/// An amount in whole cents; with more places if it is smaller than a cent.
pub(crate) fn money(amount: Micros, currency: &str) -> String {
    let places = if amount.0 != 0 && amount.0.abs() < SMALL { 4 } else { 2 };
    with_places(amount, currency, places, places)
}

/// A price or a row of the ledger, to the last millionth.
pub(crate) fn exact(amount: Micros, currency: &str) -> String {
    with_places(amount, currency, 2, 6)
}

/// As [`exact`], with all its places, so that amounts below each other can be compared.
pub(crate) fn aligned(amount: Micros, currency: &str) -> String {
    with_places(amount, currency, 6, 6)
}

fn with_places(amount: Micros, currency: &str, min: u32, max: u32) -> String {
    let options = options(&[
        ("style", "currency".into()),
        ("currency", currency.into()),
        ("currencyDisplay", "narrowSymbol".into()),
        ("minimumFractionDigits", min.into()),
        ("maximumFractionDigits", max.into()),
    ]);
    format("NumberFormat", &options, "format", &[amount.to_string().into()])
        .unwrap_or_else(|| format!("{amount} {currency}"))
}
