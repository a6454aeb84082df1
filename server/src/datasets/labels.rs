//! Rows of datasets' labels.

use crate::db::{Connection, schema::dataset_labels as labels};
use crate::error::Result;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Labels in order, by the dataset's id.
pub(super) fn load(connection: &mut Connection, ids: &[&str]) -> Result<HashMap<String, Vec<String>>> {
    let rows: Vec<(String, String)> = labels::table
        .filter(labels::dataset_id.eq_any(ids))
        .order(labels::label)
        .select((labels::dataset_id, labels::label))
        .load(connection)?;
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for (id, label) in rows {
        found.entry(id).or_default().push(label);
    }
    Ok(found)
}

/// Replaces them all.
pub(super) fn set(connection: &mut Connection, id: &str, new: &[String]) -> Result<()> {
    diesel::delete(labels::table.filter(labels::dataset_id.eq(id))).execute(connection)?;
    let new: BTreeSet<&str> = new.iter().map(|label| label.trim()).collect();
    for label in new {
        diesel::insert_into(labels::table)
            .values((labels::dataset_id.eq(id), labels::label.eq(label)))
            .execute(connection)?;
    }
    Ok(())
}
