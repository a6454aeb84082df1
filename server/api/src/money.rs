//! Money without floating point.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

/// Millionths of the organization's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = i64))]
#[serde(transparent)]
pub struct Micros(pub i64);

const HOUR_MS: i128 = 3_600_000;

impl Micros {
    /// What `ms` milliseconds cost at this rate per hour, rounded half up, once.
    /// A negative duration costs nothing; beyond the range of `i64` the result is its largest value.
    pub fn for_duration(self, ms: i64) -> Micros {
        let product = i128::from(self.0) * i128::from(ms.max(0));
        Micros(i64::try_from((product + HOUR_MS / 2).div_euclid(HOUR_MS)).unwrap_or(i64::MAX))
    }
}

impl Add for Micros {
    type Output = Micros;
    fn add(self, other: Micros) -> Micros {
        Micros(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Micros {
    fn add_assign(&mut self, other: Micros) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Micros {
    fn sum<I: Iterator<Item = Micros>>(amounts: I) -> Micros {
        amounts.fold(Micros::default(), Add::add)
    }
}

/// Plain decimal with two to six places: `0.12`, `1.234567`. Currency signs are the reader's language's business.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        let fraction = format!("{:06}", micros % 1_000_000);
        let kept = fraction.trim_end_matches('0').len().max(2);
        write!(f, "{sign}{}.{}", micros / 1_000_000, &fraction[..kept])
    }
}

/// What was typed is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAmount;

impl fmt::Display for NoAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be an amount such as 12.50, with at most six places")
    }
}

impl std::error::Error for NoAmount {}

/// An amount as people type it: `12`, `12.5`, `12,50`. No sign, no exponent, at most six places.
impl FromStr for Micros {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Micros, NoAmount> {
        let text = text.trim().replace(',', ".");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > 6 || whole.len() + fraction.len() == 0 {
            return Err(NoAmount);
        }
        let number = |digits: &str| digits.parse::<i64>().map_err(|_| NoAmount);
        let whole = if whole.is_empty() { 0 } else { number(whole)? };
        let micros = whole
            .checked_mul(1_000_000)
            .and_then(|whole| whole.checked_add(format!("{fraction:0<6}").parse().ok()?));
        micros.map(Micros).ok_or(NoAmount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts_as_people_type_them() {
        assert_eq!("12".parse(), Ok(Micros(12_000_000)));
        assert_eq!(" 0,5 ".parse(), Ok(Micros(500_000)));
        assert_eq!(".25".parse(), Ok(Micros(250_000)));
        assert_eq!("0.123456".parse(), Ok(Micros(123_456)));
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", ".", "-1", "+1", "1e3", "1.2.3", "0.1234567", "ten", "99999999999999999999"] {
            assert_eq!(text.parse::<Micros>(), Err(NoAmount), "{text}");
        }
    }

    #[test]
    fn an_hour_costs_the_rate() {
        assert_eq!(Micros(120_000).for_duration(3_600_000), Micros(120_000));
    }

    #[test]
    fn half_a_micro_rounds_up_once() {
        assert_eq!(Micros(1).for_duration(1_800_000), Micros(1));
        assert_eq!(Micros(1).for_duration(1_799_999), Micros(0));
    }

    #[test]
    fn no_overflow_and_no_negative_time() {
        assert_eq!(Micros(i64::MAX).for_duration(i64::MAX), Micros(i64::MAX));
        assert_eq!(Micros(120_000).for_duration(-5), Micros(0));
    }

    #[test]
    fn prints_at_least_cents() {
        assert_eq!(Micros(120_000).to_string(), "0.12");
        assert_eq!(Micros(-1_234_567).to_string(), "-1.234567");
        assert_eq!(Micros(5_000_000).to_string(), "5.00");
    }
}
