//! How much a project may store.

use super::usage::{self, Usage};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use atelier_api::problem::FieldProblem;
use atelier_api::storage::QUOTA_CODE;
use diesel::prelude::*;

/// What an upload may still store.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    quota: i64,
    /// By versions and by uploads that have not become any.
    taken: i64,
}

impl Room {
    /// # Errors
    /// If there is no room for so many bytes beside what is there.
    pub(super) fn check(self, more: i64) -> Result<()> {
        check(self.quota, self.taken, more)
    }

    /// # Errors
    /// If there is none at all.
    pub fn any(self) -> Result<()> {
        self.check(1)
    }

    /// # Errors
    /// If nothing more may be stored beside so many bytes that nobody has been told of yet.
    pub fn beside(self, untold: i64) -> Result<()> {
        self.check(untold.max(1))
    }
}

/// Bytes that a project may store; `None` if there is no end to them.
pub(super) fn of(connection: &mut Connection, project_id: &str) -> Result<Option<i64>> {
    use schema::projects;
    Ok(projects::table.find(project_id).select(projects::storage_quota_bytes).first(connection)?)
}

/// For uploads: to be refused early, not for the first time when all is sent. What holds is asked when a version is
/// made.
pub fn room(connection: &mut Connection, project_id: &str) -> Result<Option<Room>> {
    use schema::uploads;
    let Some(quota) = of(connection, project_id)? else { return Ok(None) };
    let versions = usage::load(connection, project_id)?.as_ref().map_or(0, Usage::stored);
    let open: Vec<i64> = uploads::table
        .filter(uploads::project_id.eq(project_id))
        .filter(uploads::number.is_null())
        .select(uploads::stored_bytes)
        .load(connection)?;
    Ok(Some(Room { quota, taken: open.into_iter().fold(versions, i64::saturating_add) }))
}

/// # Errors
/// If this would be more than there may be. What adds nothing is never refused.
pub(super) fn check(quota: i64, taken: i64, more: i64) -> Result<()> {
    if more <= 0 || taken.saturating_add(more) <= quota {
        return Ok(());
    }
    let detail = format!(
        "This project may store {}. {} are taken, and this needs {} more. What is in the trash counts until it \
         is forgotten. An administrator can raise the quota.",
        words(quota),
        words(taken),
        words(more)
    );
    let figure = |field: &str, bytes: i64| FieldProblem { field: field.into(), detail: bytes.to_string() };
    let figures = vec![figure("quota", quota), figure("taken", taken), figure("needed", more)];
    Err(Error::conflict(QUOTA_CODE, detail).with_fields(figures))
}

/// `512 B`, `3.4 GB`: in powers of 1,024, as on the page.
fn words(bytes: i64) -> String {
    let units = [("TB", 40), ("GB", 30), ("MB", 20), ("KB", 10)];
    match units.into_iter().find(|(_, bits)| bytes >= 1 << bits) {
        // Tenths, rounded down.
        Some((unit, bits)) => {
            let tenths = (i128::from(bytes) * 10) >> bits;
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_let_in_and_what_adds_nothing_always() {
        for (taken, more) in [(0, 100), (99, 1), (100, 0), (500, 0), (500, -1)] {
            assert!(check(100, taken, more).is_ok(), "{taken} {more}");
        }
        for (taken, more) in [(100, 1), (0, 101), (500, 1), (1, i64::MAX)] {
            let error = check(100, taken, more).unwrap_err();
            assert_eq!((error.problem().status, error.problem().code.as_str()), (409, "storage-quota"));
        }
        assert!(check(0, 0, 1).is_err());
    }

    #[test]
    fn figures_are_in_words_and_for_programs() {
        let error = check(10 << 30, 9 << 30, 3 << 29).unwrap_err();
        assert!(error.problem().detail.starts_with("This project may store 10.0 GB. 9.0 GB are taken"));
        let fields: Vec<_> = error.problem().fields.iter().map(|f| (&*f.field, &*f.detail)).collect();
        assert_eq!(fields, [("quota", "10737418240"), ("taken", "9663676416"), ("needed", "1610612736")]);
        assert_eq!(
            [words(0), words(1023), words(1024), words(i64::MAX)],
            ["0 B", "1023 B", "1.0 KB", "8388607.9 TB"]
        );
    }
}
