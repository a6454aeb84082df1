//! Calendar months and days, UTC.

use crate::error::{Error, Result};
use time::{Date, Month, OffsetDateTime};

pub(super) const DAY_MS: i64 = 86_400_000;

/// A calendar month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// `2026-11`
    pub name: String,
    /// Its first millisecond.
    pub from: i64,
    /// The first millisecond of the next month.
    pub to: i64,
}

impl Period {
    /// The month of a moment.
    pub(super) fn at(now: i64) -> Result<Period> {
        let date = OffsetDateTime::from_unix_timestamp(now.div_euclid(1000)).map_err(Error::internal)?.date();
        Period::of(date.year(), date.month())
    }

    /// # Errors
    /// If it is not written as `2026-11`.
    pub(super) fn parse(name: &str) -> Result<Period> {
        let wrong = || Error::invalid_field("month", "must be a year and a month, as 2026-11");
        let (year, month) = name.split_once('-').ok_or_else(wrong)?;
        // A sign would pass for a digit.
        let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return Err(wrong());
        }
        let month: u8 = month.parse().map_err(|_| wrong())?;
        let month = Month::try_from(month).map_err(|_| wrong())?;
        Period::of(year.parse().map_err(|_| wrong())?, month).map_err(|_| wrong())
    }

    /// The month that a request names, or the current one.
    pub fn asked(name: Option<&str>, now: i64) -> Result<Period> {
        name.map_or_else(|| Period::at(now), Period::parse)
    }

    fn of(year: i32, month: Month) -> Result<Period> {
        let (next_year, next) = match month {
            Month::December => (year + 1, Month::January),
            other => (year, other.next()),
        };
        let name = format!("{year:04}-{:02}", u8::from(month));
        Ok(Period { name, from: first_of(year, month)?, to: first_of(next_year, next)? })
    }
}

fn first_of(year: i32, month: Month) -> Result<i64> {
    let date = Date::from_calendar_date(year, month, 1).map_err(Error::internal)?;
    Ok(date.midnight().assume_utc().unix_timestamp() * 1000)
}

/// How many days the month of a moment has.
pub fn days_at(moment: i64) -> Result<i64> {
    let month = Period::at(moment)?;
    Ok((month.to - month.from) / DAY_MS)
}

/// Midnight UTC of the day of a moment.
pub(super) fn midnight(now: i64) -> i64 {
    now.div_euclid(DAY_MS) * DAY_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_meet() {
        let november = Period::parse("2026-11").unwrap();
        let december = Period::parse("2026-12").unwrap();
        assert_eq!(november.to, december.from);
        assert_eq!(december.to, Period::parse("2027-01").unwrap().from);
        assert_eq!(Period::at(november.to - 1).unwrap(), november);
        assert_eq!(Period::at(november.to).unwrap(), december);
    }

    #[test]
    fn months_have_as_many_days_as_the_calendar_says() {
        for (name, days) in [("2024-02", 29), ("2026-02", 28), ("2026-11", 30), ("2026-12", 31)] {
            let month = Period::parse(name).unwrap();
            assert_eq!(
                (days_at(month.from).unwrap(), days_at(month.to - 1).unwrap()),
                (days, days),
                "{name}"
            );
        }
    }

    #[test]
    fn nonsense_is_named() {
        for name in [
            "", "2026", "2026-13", "26-11", "2026-1", "2026-00", "x-11", "99999-01", "9999-12", "2026-+1",
            "+999-01",
        ] {
            assert_eq!(Period::parse(name).unwrap_err().problem().fields[0].field, "month", "{name}");
        }
    }
}
