//! Versions as the API shows them. However many they are, they take the same number of queries.

use super::{VersionRow, forgotten_at, told};
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::data::{DataOrigin, DataVersion};
use atelier_api::provenance::Provenance;
use atelier_api::role::Object;
use diesel::prelude::*;
use std::collections::HashMap;

/// Versions of one thing, or of several of one type, in the same order.
pub fn describe(
    connection: &mut Connection,
    object: Object,
    rows: Vec<VersionRow>,
) -> Result<Vec<DataVersion>> {
    let mut tags = tags(connection, object, &rows)?;
    let mut told = told::load(connection, object, &rows)?;
    let names = names(connection, &rows)?;
    let to_api = |row: VersionRow| {
        let key = (row.object_id, row.number);
        let told::Shown { metrics, parameters } = told.remove(&key).unwrap_or_default();
        DataVersion {
            number: row.number,
            parent: row.parent_number,
            message: row.message,
            author_name: names.get(&row.author_id).cloned().unwrap_or_default(),
            author: row.author_id,
            created_at: row.created_at,
            origin: row.origin.parse().unwrap_or(DataOrigin::Upload),
            session: row.workload_id,
            restored: row.restored_number,
            tags: tags.remove(&key).unwrap_or_default(),
            files: row.files,
            bytes: row.bytes,
            stored_bytes: row.stored_bytes,
            root: row.root,
            metrics,
            parameters,
            provenance: Provenance {
                environment: row.environment_id,
                image: row.image,
                files: row.files_number,
                // Whose versions they are knows what of these the caller may see.
                datasets: Vec::new(),
                cost: None,
            },
            trashed_at: row.trashed_at,
            removed_at: row.trashed_at.map(forgotten_at),
        }
    };
    Ok(rows.into_iter().map(to_api).collect())
}

/// The tags of these versions, in order, by id and number.
fn tags(
    connection: &mut Connection,
    object: Object,
    rows: &[VersionRow],
) -> Result<HashMap<(String, i64), Vec<String>>> {
    use schema::data_tags as tags;
    let found: Vec<(String, i64, String)> = tags::table
        .filter(tags::object.eq(object.as_str()))
        .filter(tags::object_id.eq_any(rows.iter().map(|row| &row.object_id)))
        .filter(tags::number.eq_any(rows.iter().map(|row| row.number)))
        .order(tags::tag)
        .select((tags::object_id, tags::number, tags::tag))
        .load(connection)?;
    let mut by_version: HashMap<_, Vec<_>> = HashMap::new();
    for (id, number, tag) in found {
        by_version.entry((id, number)).or_default().push(tag);
    }
    Ok(by_version)
}

fn names(connection: &mut Connection, rows: &[VersionRow]) -> Result<HashMap<String, String>> {
    use schema::users;
    let found: Vec<(String, String)> = users::table
        .filter(users::id.eq_any(rows.iter().map(|row| &row.author_id)))
        .select((users::id, users::name))
        .load(connection)?;
    Ok(found.into_iter().collect())
}
