//! What a start is given: found out at its step, and fixed when the step has ended.

use super::choice::{Gone, meant};
use super::place::{Limits, on_disk, places};
use super::readable::{Readable, readable};
use super::rows::{self, GivenRow};
use crate::access::Policies;
use crate::data::{self, VersionRow, Which};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::workloads::{WorkloadRow, failure};
use atelier_api::role::Object;
use atelier_api::session::{DataPlace, Failure, StepName};
use diesel::prelude::*;

/// What a start has, and whether each of it was chosen: then the start does not go on without it.
pub(super) struct Given {
    pub(super) rows: Vec<GivenRow>,
    pub(super) chosen: bool,
}

/// What this start of a workload is given for the person who asked for it. Call it in `Db::admit`, so that nothing of
/// it is put away at the same moment.
pub(super) fn give(
    connection: &mut Connection,
    policies: &Policies,
    workload: &WorkloadRow,
    asked_by: &str,
    limits: Limits,
) -> Result<Result<Given, Failure>> {
    let whose = (workload.organization_id.as_str(), workload.project_id.as_str());
    let readable = readable(connection, policies, whose, asked_by)?;
    let choices = rows::choices(connection, &workload.id)?;
    let chosen = choices.is_some();
    if is_fixed(connection, workload)? {
        let rows = rows::given(connection, &workload.id, workload.generation)?;
        let known = |row: &&GivenRow| readable.iter().any(|dataset| dataset.id == row.dataset_id);
        return Ok(match rows.iter().filter(|row| row.is_mounted()).all(|row| known(&row)) {
            true => Ok(Given { rows, chosen }),
            false => Err(gone(&Gone::unnamed())),
        });
    }
    let found = match &choices {
        None => newest(connection, &readable)?,
        Some(choices) => match meant(connection, &readable, choices)? {
            Ok(versions) => choices.iter().map(|choice| choice.version.clone()).zip(versions).collect(),
            Err(why) => return Ok(Err(gone(&why))),
        },
    };
    let sizes: Vec<i64> = found.iter().map(|(_, row)| on_disk(row.bytes, row.files)).collect();
    let places = places(limits, &sizes);
    if chosen && places.contains(&DataPlace::NoRoom) {
        return Ok(Err(too_much(limits)));
    }
    let rows: Vec<GivenRow> = found
        .into_iter()
        .zip(places)
        .filter_map(|((word, version), place)| row(workload, &readable, word, version, place))
        .collect();
    replace(connection, workload, &rows)?;
    Ok(Ok(Given { rows, chosen }))
}

/// Whether the step has ended: a container may have been made of it.
fn is_fixed(connection: &mut Connection, workload: &WorkloadRow) -> Result<bool> {
    use schema::workload_steps as steps;
    let ended: Option<Option<i64>> = steps::table
        .find((workload.id.as_str(), workload.generation, StepName::Data.as_str()))
        .select(steps::ended_at)
        .first(connection)
        .optional()?;
    Ok(ended.flatten().is_some())
}

/// Every dataset that has a version, at its newest.
fn newest(connection: &mut Connection, readable: &[Readable]) -> Result<Vec<(String, VersionRow)>> {
    let asked: Vec<(String, Which)> =
        readable.iter().map(|dataset| (dataset.id.clone(), Which::Latest)).collect();
    let found = data::meant(connection, Object::Dataset, &asked)?;
    Ok(found.into_values().map(|row| (Which::Latest.word(), row)).collect())
}

fn row(
    workload: &WorkloadRow,
    readable: &[Readable],
    version: String,
    found: VersionRow,
    place: DataPlace,
) -> Option<GivenRow> {
    let dataset = readable.iter().find(|dataset| dataset.id == found.object_id)?;
    Some(GivenRow {
        workload_id: workload.id.clone(),
        generation: workload.generation,
        dataset_id: found.object_id,
        slug: dataset.slug.clone(),
        version,
        number: found.number,
        root: found.root,
        files: found.files,
        bytes: found.bytes,
        place: place.as_str().to_owned(),
    })
}

/// An attempt that was cut off may have found something else.
fn replace(connection: &mut Connection, workload: &WorkloadRow, rows: &[GivenRow]) -> Result<()> {
    use schema::workload_data as given;
    let of_start = given::table
        .filter(given::workload_id.eq(&workload.id))
        .filter(given::generation.eq(workload.generation));
    diesel::delete(of_start).execute(connection)?;
    for row in rows {
        diesel::insert_into(given::table).values(row).execute(connection)?;
    }
    Ok(())
}

fn gone(why: &Gone) -> Failure {
    failure("data-gone", why.in_words())
}

fn too_much(limits: Limits) -> Failure {
    let detail = format!(
        "The data that was chosen has grown to more than the {} MiB that a host keeps for data. Start it with less, \
         or ask an administrator for more (setting data_cache_mib).",
        limits.host >> 20
    );
    failure("data-no-room", detail)
}
