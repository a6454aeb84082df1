//! Rows of what workloads are to have and were given. For starts, which act for nobody: who may read what is asked
//! in `readable`.

use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::session::DataPlace;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// A dataset that was chosen for a workload.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::workload_data_choices)]
pub(super) struct ChoiceRow {
    pub(super) workload_id: String,
    pub(super) dataset_id: String,
    pub(super) version: String,
}

/// A dataset that a start was given. Whoever wants to know with what data something was made reads these.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::workload_data)]
pub(super) struct GivenRow {
    pub(super) workload_id: String,
    pub(super) generation: i64,
    pub(super) dataset_id: String,
    pub(super) slug: String,
    pub(super) version: String,
    pub(super) number: i64,
    pub(super) root: String,
    pub(super) files: i64,
    pub(super) bytes: i64,
    pub(super) place: String,
}

impl GivenRow {
    /// A word that we did not write is not in the container.
    pub(super) fn place(&self) -> DataPlace {
        self.place.parse().unwrap_or(DataPlace::NoRoom)
    }

    pub(super) fn is_mounted(&self) -> bool {
        self.place() == DataPlace::Mounted
    }
}

/// What was chosen; `None` for all.
pub(super) fn choices(connection: &mut Connection, workload_id: &str) -> Result<Option<Vec<ChoiceRow>>> {
    use schema::{workload_data_choices as choices, workloads};
    let all: bool = workloads::table.find(workload_id).select(workloads::all_data).first(connection)?;
    if all {
        return Ok(None);
    }
    let chosen = choices::table
        .filter(choices::workload_id.eq(workload_id))
        .order(choices::dataset_id)
        .select(ChoiceRow::as_select())
        .load(connection)?;
    Ok(Some(chosen))
}

/// What a start was given, by the folders' names.
pub(super) fn given(
    connection: &mut Connection,
    workload_id: &str,
    generation: i64,
) -> Result<Vec<GivenRow>> {
    use schema::workload_data as given;
    Ok(given::table
        .filter(given::workload_id.eq(workload_id))
        .filter(given::generation.eq(generation))
        .order(given::slug)
        .select(GivenRow::as_select())
        .load(connection)?)
}

/// The datasets that are in a workload now, and the numbers of their versions.
pub fn mounted(connection: &mut Connection, workload_id: &str) -> Result<BTreeSet<(String, i64)>> {
    use schema::workloads;
    let generation = workloads::table.find(workload_id).select(workloads::generation).first(connection)?;
    let given = given(connection, workload_id, generation)?;
    Ok(given.into_iter().filter(GivenRow::is_mounted).map(|row| (row.dataset_id, row.number)).collect())
}

pub(super) fn set_place(connection: &mut Connection, row: &GivenRow, place: DataPlace) -> Result<()> {
    use schema::workload_data as given;
    let key = (row.workload_id.as_str(), row.generation, row.dataset_id.as_str());
    diesel::update(given::table.find(key)).set(given::place.eq(place.as_str())).execute(connection)?;
    Ok(())
}
