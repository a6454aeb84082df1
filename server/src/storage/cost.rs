//! What a day costs.

use atelier_api::money::Micros;

/// What a price is for: 2^30 bytes for a month.
const UNIT: i128 = 1 << 30;

/// A day's part of what so many bytes cost for a month of so many days, rounded half up, once.
pub(super) fn of_day(bytes: i64, price: Micros, month_days: i64) -> Micros {
    let whole = UNIT * i128::from(month_days.max(1));
    let product = i128::from(bytes.max(0)) * i128::from(price.0.max(0));
    Micros(i64::try_from((product + whole / 2) / whole).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: i64 = 1 << 30;

    #[test]
    fn a_month_of_a_gibibyte_costs_its_price() {
        for days in 28..=31 {
            let day = of_day(GIB, Micros(31 * 30 * 29 * 28 * 1000), days);
            assert_eq!(day.0 * days, 31 * 30 * 29 * 28 * 1000, "{days}");
        }
    }

    #[test]
    fn half_a_micro_rounds_up_and_nothing_overflows() {
        assert_eq!(of_day(GIB, Micros(15), 30), Micros(1));
        assert_eq!(of_day(GIB, Micros(14), 30), Micros(0));
        assert_eq!(of_day(i64::MAX, Micros(i64::MAX), 30), Micros(i64::MAX));
        assert_eq!(of_day(0, Micros(1_000_000), 30), Micros(0));
        assert_eq!(of_day(-1, Micros(1_000_000), 0), Micros(0));
    }
}
