//! The last lines of a container that has ended: they are kept when the container itself goes.

use crate::db::{Connection, schema};
use crate::error::Result;
use diesel::prelude::*;

/// Lines that are kept and shown.
pub const LINES: usize = 200;

/// Keeps the lines of this start instead of those of the one before.
pub(super) fn keep(connection: &mut Connection, id: &str, generation: i64, lines: &[String]) -> Result<()> {
    use schema::workload_logs as logs;
    // Plain strings always serialize.
    let lines = serde_json::to_string(lines).unwrap_or_default();
    let values = (logs::generation.eq(generation), logs::lines.eq(lines));
    let changed = diesel::update(logs::table.find(id)).set(values.clone()).execute(connection)?;
    if changed == 0 {
        diesel::insert_into(logs::table).values((logs::workload_id.eq(id), values)).execute(connection)?;
    }
    Ok(())
}

/// The lines of this start, if it has ended. The caller has checked who may read them.
pub fn kept(connection: &mut Connection, id: &str, generation: i64) -> Result<Vec<String>> {
    use schema::workload_logs as logs;
    let lines: Option<String> = logs::table
        .find(id)
        .filter(logs::generation.eq(generation))
        .select(logs::lines)
        .first(connection)
        .optional()?;
    Ok(lines.and_then(|lines| serde_json::from_str(&lines).ok()).unwrap_or_default())
}
