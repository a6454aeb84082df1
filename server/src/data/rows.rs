//! Rows of versions, read. Those that the trash has forgotten are left out: their numbers alone are kept.

use super::{Holder, Which};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use atelier_api::role::Object;
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use schema::data_versions as versions;
use std::collections::HashMap;

/// Versions in one part of a list.
const SIZE: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schema::data_versions)]
pub struct VersionRow {
    pub project_id: String,
    pub object_id: String,
    pub number: i64,
    pub parent_number: Option<i64>,
    pub restored_number: Option<i64>,
    pub root: String,
    pub message: String,
    pub author_id: String,
    pub origin: String,
    pub workload_id: Option<String>,
    pub environment_id: Option<String>,
    pub image: Option<String>,
    pub files_number: Option<i64>,
    pub cost_micros: Option<i64>,
    pub files: i64,
    pub bytes: i64,
    pub stored_bytes: i64,
    pub created_at: i64,
    pub trashed_at: Option<i64>,
}

type Query<'a> = versions::BoxedQuery<'a, <Connection as diesel::Connection>::Backend>;

/// All that the trash has not forgotten.
fn kept(holder: &Holder) -> Query<'_> {
    versions::table
        .filter(versions::object.eq(holder.object().as_str()))
        .filter(versions::object_id.eq(holder.id()))
        .filter(versions::removed_at.is_null())
        .into_boxed()
}

/// One version; by number or tag also one that is in the trash.
///
/// # Errors
/// Not found.
pub fn version(connection: &mut Connection, holder: &Holder, which: &Which) -> Result<VersionRow> {
    let found = match which {
        Which::Number(number) => one(connection, kept(holder).filter(versions::number.eq(*number)))?,
        Which::Latest => latest(connection, holder)?,
        Which::Tag(tag) => {
            use schema::data_tags as tags;
            let number = tags::table
                .filter(tags::object.eq(holder.object().as_str()))
                .filter(tags::object_id.eq(holder.id()))
                .filter(tags::tag.eq(tag))
                .select(tags::number);
            one(connection, kept(holder).filter(versions::number.eq_any(number)))?
        }
    };
    found.ok_or_else(Error::not_found)
}

/// The newest that is not in the trash.
pub fn latest(connection: &mut Connection, holder: &Holder) -> Result<Option<VersionRow>> {
    let alive = kept(holder).filter(versions::trashed_at.is_null());
    one(connection, alive.order(versions::number.desc()))
}

fn one(connection: &mut Connection, query: Query<'_>) -> Result<Option<VersionRow>> {
    Ok(query.select(VersionRow::as_select()).first(connection).optional()?)
}

/// Of several things of one type, the versions of these ids and numbers that are not in the trash.
pub(super) fn alive(
    connection: &mut Connection,
    object: Object,
    keys: &[(String, i64)],
) -> Result<Vec<VersionRow>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = versions::table.select(VersionRow::as_select()).into_boxed();
    for (id, number) in keys {
        // A key each: a list of ids and a list of numbers would meet in far more rows.
        query = query.or_filter(
            versions::object
                .eq(object.as_str())
                .and(versions::object_id.eq(id))
                .and(versions::number.eq(number))
                .and(versions::trashed_at.is_null())
                .and(versions::removed_at.is_null()),
        );
    }
    Ok(query.load(connection)?)
}

/// A part of all versions, the newest first, with those in the trash; and the cursor of the next part.
///
/// # Errors
/// If no list gave this cursor.
pub fn list(
    connection: &mut Connection,
    holder: &Holder,
    cursor: Option<&str>,
) -> Result<(Vec<VersionRow>, Option<String>)> {
    let mut query = kept(holder);
    if let Some(cursor) = cursor {
        let last: i64 = cursor
            .parse()
            .map_err(|_| Error::invalid_field("cursor", "must be one that the list gave as `next`"))?;
        query = query.filter(versions::number.lt(last));
    }
    let size = i64::try_from(SIZE).unwrap_or(i64::MAX);
    let mut rows: Vec<VersionRow> = query
        .order(versions::number.desc())
        .limit(size + 1)
        .select(VersionRow::as_select())
        .load(connection)?;
    let more = rows.len() > SIZE;
    rows.truncate(SIZE);
    let next = rows.last().filter(|_| more).map(|row| row.number.to_string());
    Ok((rows, next))
}

/// The versions up to this one that are not in the trash, the newest first, at most a hundred; and whether there are
/// older ones.
pub(super) fn back_from(
    connection: &mut Connection,
    holder: &Holder,
    number: i64,
) -> Result<(Vec<VersionRow>, bool)> {
    let size = i64::try_from(SIZE).unwrap_or(i64::MAX);
    let mut rows: Vec<VersionRow> = kept(holder)
        .filter(versions::trashed_at.is_null().or(versions::number.eq(number)))
        .filter(versions::number.le(number))
        .order(versions::number.desc())
        .limit(size + 1)
        .select(VersionRow::as_select())
        .load(connection)?;
    let more = rows.len() > SIZE;
    rows.truncate(SIZE);
    Ok((rows, more))
}

/// Of one thing: how many versions are not in the trash, and the newest of them.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub versions: i64,
    pub latest: Option<VersionRow>,
}

/// Of several things of one type, by id, in two queries.
pub fn summaries(
    connection: &mut Connection,
    object: Object,
    ids: &[&str],
) -> Result<HashMap<String, Summary>> {
    let counts: Vec<(String, i64, Option<i64>)> = versions::table
        .filter(versions::object.eq(object.as_str()))
        .filter(versions::object_id.eq_any(ids))
        .filter(versions::trashed_at.is_null())
        .filter(versions::removed_at.is_null())
        .group_by(versions::object_id)
        .select((versions::object_id, count_star(), max(versions::number)))
        .load(connection)?;
    let mut found = HashMap::new();
    let mut newest = versions::table.select(VersionRow::as_select()).into_boxed();
    for (id, count, last) in counts {
        // A key each: a list of ids and a list of numbers would meet in far more rows.
        newest = newest.or_filter(
            versions::object
                .eq(object.as_str())
                .and(versions::object_id.eq(id.clone()))
                .and(versions::number.nullable().eq(last)),
        );
        found.insert(id, Summary { versions: count, latest: None });
    }
    if !found.is_empty() {
        let rows: Vec<VersionRow> = newest.load(connection)?;
        for row in rows {
            if let Some(summary) = found.get_mut(&row.object_id) {
                summary.latest = Some(row);
            }
        }
    }
    Ok(found)
}
