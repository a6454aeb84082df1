//! Versions of datasets that a version was made of.

use super::noun::{Artifact, Noun};
use super::row::Row;
use super::table::{Columns, Table, columns};
use crate::access::{Access, Permission, Resource};
use crate::data::{self, VersionRow};
use crate::datasets::Datasets;
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use atelier_api::provenance::Input;
use atelier_api::role::{Action, Object};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Id and number of each that somebody says a new version was made of.
///
/// # Errors
/// If one of them is not there, or not for the caller to see.
pub(super) fn inputs<N: Noun, P: Permission>(
    connection: &mut Connection,
    access: &Access<Artifact<N>, P>,
    said: &[Input],
) -> Result<BTreeSet<(String, i64)>> {
    let mut found = BTreeSet::new();
    for Input { dataset, number } in said {
        let absent = || Error::invalid_field("datasets", format!("{dataset} has no version {number} here"));
        let row = named(connection, access, dataset)?.filter(|row| row.trashed_at.is_none());
        let row = row.ok_or_else(absent)?;
        let readable = row.may(access, Object::Dataset, Action::Read);
        if !readable || !is_there(connection, &row.id, *number)? {
            return Err(absent());
        }
        found.insert((row.id, *number));
    }
    Ok(found)
}

/// The dataset of this address in the project.
fn named<N: Noun, P: Permission>(
    connection: &mut Connection,
    access: &Access<Artifact<N>, P>,
    address: &str,
) -> Result<Option<Row>> {
    let project = &access.row().project;
    match <schema::datasets::table as Table>::find(connection, &project.row.id, address)? {
        Some(row) => Ok(Some(row)),
        None => Datasets::find_lent(connection, access.caller(), (project, access.roles()), address),
    }
}

fn is_there(connection: &mut Connection, id: &str, number: i64) -> Result<bool> {
    use schema::data_versions as versions;
    let this = versions::table.find((Object::Dataset.as_str(), id, number));
    Ok(this.filter(versions::removed_at.is_null()).count().get_result::<i64>(connection)? > 0)
}

/// Of what each of these versions was made, as far as the caller may see it from the project that he or she is in.
pub(super) fn shown<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    object: Object,
    rows: &[VersionRow],
) -> Result<Vec<Vec<Input>>> {
    let mut told = data::inputs(connection, object, rows)?;
    let ids: BTreeSet<&String> = told.values().flatten().map(|(id, _)| id).collect();
    let addresses = addresses(connection, access, ids)?;
    let of = |row: &VersionRow| {
        let inputs = told.remove(&(row.object_id.clone(), row.number)).unwrap_or_default();
        let address = |(id, number): (String, i64)| {
            addresses.get(&id).map(|dataset| Input { dataset: dataset.clone(), number })
        };
        let mut inputs: Vec<Input> = inputs.into_iter().filter_map(address).collect();
        inputs.sort();
        inputs
    };
    Ok(rows.iter().map(of).collect())
}

/// The words by which these datasets are reached, by id.
fn addresses<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    ids: BTreeSet<&String>,
) -> Result<HashMap<String, String>> {
    use schema::datasets as d;
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let here = access.row().project_id().unwrap_or_default();
    let columns: Vec<Columns> = d::table
        .filter(d::id.eq_any(ids.iter().copied()))
        .filter(d::project_id.eq(here))
        .filter(d::removed_at.is_null())
        .select(columns!(d))
        .load(connection)?;
    let mut found: Vec<Row> = columns.into_iter().map(Row::from).collect();
    if found.len() < ids.len() {
        let lent = Datasets::list_lent(connection, access)?;
        found.extend(lent.into_iter().filter(|row| ids.contains(&row.id)));
    }
    found.retain(|row| row.is_shown(access, Object::Dataset));
    Ok(found.into_iter().map(|row| (row.id.clone(), row.address())).collect())
}
