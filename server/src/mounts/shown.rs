//! The data of workloads, as the API shows it.

use super::rows::{ChoiceRow, GivenRow};
use crate::access::Viewer;
use crate::app::App;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::workloads::WorkloadRow;
use atelier_api::role::Object;
use atelier_api::session::{DataPlace, SessionData};
use atelier_api::workload::WorkloadData;
use diesel::prelude::*;
use std::collections::HashMap;

/// The data of some workloads as one viewer sees it: his or her own, and that of others where their datasets may be
/// read. However many workloads they are, it takes the same number of queries in each organization.
pub struct Shown {
    all: HashMap<String, bool>,
    data: HashMap<String, Vec<SessionData>>,
}

impl Shown {
    pub fn load(
        connection: &mut Connection,
        app: &App,
        viewer: &str,
        workloads: &[&WorkloadRow],
    ) -> Result<Shown> {
        use schema::workloads as table;
        let all: HashMap<String, bool> = table::table
            .filter(table::id.eq_any(workloads.iter().map(|row| &row.id)))
            .select((table::id, table::all_data))
            .load::<(String, bool)>(connection)?
            .into_iter()
            .collect();
        let visible = visible(connection, app, viewer, workloads)?;
        let mut data = given(connection, &visible)?;
        let unknown: Vec<&str> = visible
            .iter()
            .map(|row| row.id.as_str())
            .filter(|id| all.get(*id) == Some(&false) && !data.contains_key(*id))
            .collect();
        data.extend(chosen(connection, &unknown)?);
        Ok(Shown { all, data })
    }

    /// Whether the workload has all data that its person may read.
    pub fn is_all(&self, workload_id: &str) -> bool {
        self.all.get(workload_id).copied().unwrap_or(true)
    }

    /// By the folders' names.
    pub fn take(&mut self, workload_id: &str) -> Vec<SessionData> {
        self.data.remove(workload_id).unwrap_or_default()
    }
}

/// The workloads whose data the viewer may know of.
fn visible<'a>(
    connection: &mut Connection,
    app: &App,
    viewer: &str,
    workloads: &[&'a WorkloadRow],
) -> Result<Vec<&'a WorkloadRow>> {
    let mut viewers: HashMap<&str, Option<Viewer>> = HashMap::new();
    let mut visible = Vec::new();
    for row in workloads {
        if row.owner_id == viewer {
            visible.push(*row);
            continue;
        }
        let organization = row.organization_id.as_str();
        if !viewers.contains_key(organization) {
            let loaded = Viewer::load(connection, &app.policies, organization, viewer)?;
            viewers.insert(organization, loaded);
        }
        let known = viewers.get(organization).and_then(Option::as_ref);
        if known.is_some_and(|known| known.may_see_in(&row.project_id, Object::Dataset, false)) {
            visible.push(*row);
        }
    }
    Ok(visible)
}

/// What the current or last starts were given.
fn given(
    connection: &mut Connection,
    workloads: &[&WorkloadRow],
) -> Result<HashMap<String, Vec<SessionData>>> {
    use schema::{datasets, workload_data as given};
    let rows: Vec<(GivenRow, String)> = given::table
        .inner_join(datasets::table)
        .filter(given::workload_id.eq_any(workloads.iter().map(|row| &row.id)))
        .order(given::slug)
        .select((GivenRow::as_select(), datasets::name))
        .load(connection)?;
    let current: HashMap<&str, i64> = workloads.iter().map(|row| (row.id.as_str(), row.generation)).collect();
    let mut found: HashMap<String, Vec<SessionData>> = HashMap::new();
    for (row, name) in rows {
        if current.get(row.workload_id.as_str()) == Some(&row.generation) {
            let place = Some(row.place());
            found.entry(row.workload_id).or_default().push(SessionData {
                dataset: row.slug,
                name,
                version: row.version,
                number: Some(row.number),
                bytes: Some(row.bytes),
                place,
            });
        }
    }
    Ok(found)
}

/// What was chosen, of starts that do not know yet what they are given.
fn chosen(connection: &mut Connection, ids: &[&str]) -> Result<HashMap<String, Vec<SessionData>>> {
    use schema::{datasets, workload_data_choices as choices};
    let mut found: HashMap<String, Vec<SessionData>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(ChoiceRow, String, String)> = choices::table
        .inner_join(datasets::table)
        .filter(choices::workload_id.eq_any(ids))
        // One that the trash has forgotten has no word any more.
        .filter(datasets::removed_at.is_null())
        .order(datasets::slug)
        .select((ChoiceRow::as_select(), datasets::slug, datasets::name))
        .load(connection)?;
    for (row, dataset, name) in rows {
        let version = row.version;
        let shown = SessionData { dataset, name, version, number: None, bytes: None, place: None };
        found.entry(row.workload_id).or_default().push(shown);
    }
    Ok(found)
}

/// What a start was given, for the workload itself.
pub fn inside(connection: &mut Connection, workload_id: &str, generation: i64) -> Result<Vec<WorkloadData>> {
    let rows = super::rows::given(connection, workload_id, generation)?;
    let to_api = |row: GivenRow| WorkloadData {
        path: (row.place() == DataPlace::Mounted).then(|| super::folder(&row.slug)),
        dataset: row.slug,
        number: row.number,
        root: row.root,
    };
    Ok(rows.into_iter().map(to_api).collect())
}
