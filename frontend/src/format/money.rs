//! Amounts in the organization's currency. The figures go to `Intl` as decimal text, never as floating point.

use super::intl::{format, options};
use atelier_api::money::Micros;

/// Below this, cents would show nothing.
const SMALL: i64 = 10_000;

/// An amount in whole cents; with more places if it is smaller than a cent.
pub(crate) fn money(amount: Micros, currency: &str) -> String {
    let places = if amount.0 != 0 && amount.0.abs() < SMALL { 4 } else { 2 };
    with_places(amount, currency, 2, places)
}

/// A price or a row of the ledger, to the last millionth.
pub(crate) fn exact(amount: Micros, currency: &str) -> String {
    with_places(amount, currency, 2, 6)
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

/// What a person typed as an amount: `12`, `12.5`, `12,50`. At most six places.
pub(crate) fn parse(text: &str) -> Option<Micros> {
    let text = text.trim().replace(',', ".");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 6 || whole.len() + fraction.len() == 0 {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: i64 = format!("{fraction:0<6}").parse().ok()?;
    Some(Micros(whole.checked_mul(1_000_000)?.checked_add(fraction)?))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use atelier_api::money::Micros;

    #[test]
    fn amounts_as_people_type_them() {
        assert_eq!(parse("12"), Some(Micros(12_000_000)));
        assert_eq!(parse(" 0,5 "), Some(Micros(500_000)));
        assert_eq!(parse(".25"), Some(Micros(250_000)));
        assert_eq!(parse("0.123456"), Some(Micros(123_456)));
    }

    #[test]
    fn what_is_no_amount() {
        for text in ["", ".", "-1", "1e3", "1.2.3", "0.1234567", "ten", "99999999999999999999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
