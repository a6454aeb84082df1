//! Rows of labels.

use crate::db::{Connection, schema::artifact_labels as labels};
use crate::error::Result;
use atelier_api::role::Object;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Labels in order, by id of what has them.
pub(super) fn load(
    connection: &mut Connection,
    object: Object,
    ids: &[&str],
) -> Result<HashMap<String, Vec<String>>> {
    let rows: Vec<(String, String)> = labels::table
        .filter(labels::object.eq(object.as_str()))
        .filter(labels::object_id.eq_any(ids))
        .order(labels::label)
        .select((labels::object_id, labels::label))
        .load(connection)?;
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for (id, label) in rows {
        found.entry(id).or_default().push(label);
    }
    Ok(found)
}

/// Replaces them all.
pub(super) fn set(connection: &mut Connection, object: Object, id: &str, new: &[String]) -> Result<()> {
    let its = labels::table.filter(labels::object.eq(object.as_str())).filter(labels::object_id.eq(id));
    diesel::delete(its).execute(connection)?;
    let new: BTreeSet<&str> = new.iter().map(|label| label.trim()).collect();
    for label in new {
        diesel::insert_into(labels::table)
            .values((labels::object.eq(object.as_str()), labels::object_id.eq(id), labels::label.eq(label)))
            .execute(connection)?;
    }
    Ok(())
}
