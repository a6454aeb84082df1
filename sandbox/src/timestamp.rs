//! Docker's timestamps.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Milliseconds since the Unix epoch; `None` for Docker's "never" (the year 1) and for what is no time.
pub(crate) fn millis(rfc3339: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(rfc3339, &Rfc3339).ok()?;
    let millis = i64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()?;
    (millis > 0).then_some(millis)
}

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn reads_dockers_forms() {
        assert_eq!(millis("1970-01-01T00:00:01.234567891Z"), Some(1234));
        assert_eq!(millis("1970-01-01T02:00:01+02:00"), Some(1000));
        assert_eq!(millis("0001-01-01T00:00:00Z"), None);
        assert_eq!(millis("yesterday"), None);
    }
}
