//! Rows of what projects store.

use super::{bill, clock, quota};
use crate::db::{Connection, schema};
use crate::error::{Error, Result, is_unique_violation};
use diesel::prelude::*;
use schema::project_storage as storage;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schema::project_storage)]
pub(super) struct Usage {
    pub(super) project_id: String,
    pub(super) measured_bytes: i64,
    pub(super) added_bytes: i64,
    pub(super) pack_bytes: i64,
    pub(super) changes: i64,
    pub(super) measured_changes: i64,
    pub(super) measured_at: Option<i64>,
    pub(super) billed_through: i64,
}

impl Usage {
    /// Bytes that the versions need, as far as it is known.
    pub(super) fn stored(&self) -> i64 {
        self.measured_bytes.saturating_add(self.added_bytes)
    }
}

pub(super) fn load(connection: &mut Connection, project_id: &str) -> Result<Option<Usage>> {
    Ok(storage::table.find(project_id).select(Usage::as_select()).first(connection).optional()?)
}

/// A version is made that adds so many bytes to what is stored. Call it in the transaction that writes its row, in
/// `Db::admit`.
///
/// # Errors
/// If the project may not store that much; nothing that adds nothing is refused.
pub fn add(connection: &mut Connection, project_id: &str, bytes: i64) -> Result<()> {
    add_on(connection, project_id, bytes, clock::today())
}

pub(super) fn add_on(connection: &mut Connection, project_id: &str, bytes: i64, today: i64) -> Result<()> {
    let known = load(connection, project_id)?;
    if let Some(usage) = &known {
        bill::close(connection, usage, today)?;
    }
    if let Some(quota) = quota::of(connection, project_id)? {
        quota::check(quota, known.as_ref().map_or(0, Usage::stored), bytes)?;
    }
    if known.is_some() {
        diesel::update(storage::table.find(project_id))
            .set((
                storage::added_bytes.eq(storage::added_bytes + bytes),
                storage::changes.eq(storage::changes + 1),
            ))
            .execute(connection)?;
        return Ok(());
    }
    diesel::insert_into(storage::table)
        .values((
            storage::project_id.eq(project_id),
            storage::measured_bytes.eq(0),
            storage::added_bytes.eq(bytes),
            storage::pack_bytes.eq(bytes),
            storage::changes.eq(1),
            storage::measured_changes.eq(0),
            storage::billed_through.eq(today - 1),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::collision(error),
            false => error.into(),
        })?;
    Ok(())
}

/// Versions of these projects are gone for good, or garbage was: they are to be measured anew.
pub fn changed(connection: &mut Connection, projects: &[String]) -> Result<()> {
    diesel::update(storage::table.filter(storage::project_id.eq_any(projects)))
        .set(storage::changes.eq(storage::changes + 1))
        .execute(connection)?;
    Ok(())
}
