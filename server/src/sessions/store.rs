//! Sessions as the API shows them. However many they are, they take the same number of queries.

use super::idle::Rule;
use super::resource::Session;
use crate::access::{Access, Permission};
use crate::app::App;
use crate::billing::costs;
use crate::db::{Connection, now, schema};
use crate::disk;
use crate::error::{Error, Result};
use crate::mounts;
use crate::tiers::{self, store::TierRow};
use crate::workloads::{SESSION, StartRow, StatusRow, WorkloadRow};
use atelier_api::money::Micros;
use atelier_api::session as api;
use atelier_api::session::SessionState;
use diesel::prelude::*;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The rows of a session.
pub struct Rows {
    workload: WorkloadRow,
    status: StatusRow,
    start: StartRow,
    project: (String, String),
    owner_name: String,
}

/// Those sessions of `ids` that there are, shown to `viewer`. Whether he or she may see them is the
/// caller's business: the events' stream asks before.
pub fn by_ids(
    connection: &mut Connection,
    app: &App,
    viewer: &str,
    ids: &[&str],
) -> Result<Vec<api::Session>> {
    use schema::workloads;
    let rows = load(connection, |all| all.filter(workloads::id.eq_any(ids.to_vec())))?;
    describe(connection, app, viewer, rows)
}

/// One session as it is now.
pub fn one<P: Permission>(
    connection: &mut Connection,
    app: &App,
    access: &Access<Session, P>,
) -> Result<api::Session> {
    let found = by_ids(connection, app, &access.caller().user.id, &[&access.row().row.id])?;
    found.into_iter().next().ok_or_else(Error::not_found)
}

/// The query for sessions, before it is narrowed.
pub(super) type All<'a> = schema::workloads::BoxedQuery<'a, <Connection as diesel::Connection>::Backend>;

/// The sessions left by `narrow`, the newest first.
pub(super) fn load<'a>(
    connection: &mut Connection,
    narrow: impl FnOnce(All<'a>) -> All<'a>,
) -> Result<Vec<Rows>> {
    use schema::{projects, users, workload_starts as starts, workload_status as status, workloads};
    let all = workloads::table
        .filter(workloads::kind.eq(SESSION))
        .filter(workloads::deleted_at.is_null())
        .order(workloads::id.desc())
        .into_boxed();
    let workloads: Vec<WorkloadRow> = narrow(all).select(WorkloadRow::as_select()).load(connection)?;
    let ids: Vec<&str> = workloads.iter().map(|row| row.id.as_str()).collect();
    let mut statuses: HashMap<String, StatusRow> = status::table
        .filter(status::workload_id.eq_any(&ids))
        .select((status::workload_id, StatusRow::as_select()))
        .load::<(String, StatusRow)>(connection)?
        .into_iter()
        .collect();
    let mut started: HashMap<(String, i64), StartRow> = starts::table
        .filter(starts::workload_id.eq_any(&ids))
        .select(StartRow::as_select())
        .load(connection)?
        .into_iter()
        .map(|row| ((row.workload_id.clone(), row.generation), row))
        .collect();
    let names: HashMap<String, (String, String)> = projects::table
        .filter(projects::id.eq_any(workloads.iter().map(|row| &row.project_id)))
        .select((projects::id, (projects::slug, projects::name)))
        .load::<(String, (String, String))>(connection)?
        .into_iter()
        .collect();
    let owners: HashMap<String, String> = users::table
        .filter(users::id.eq_any(workloads.iter().map(|row| &row.owner_id)))
        .select((users::id, users::name))
        .load::<(String, String)>(connection)?
        .into_iter()
        .collect();
    Ok(workloads
        .into_iter()
        .filter_map(|workload| {
            Some(Rows {
                status: statuses.remove(&workload.id)?,
                start: started.remove(&(workload.id.clone(), workload.generation))?,
                project: names.get(&workload.project_id)?.clone(),
                owner_name: owners.get(&workload.owner_id).cloned().unwrap_or_default(),
                workload,
            })
        })
        .collect())
}

/// Rows in the API's words, with what is known in memory.
pub(super) fn describe(
    connection: &mut Connection,
    app: &App,
    viewer: &str,
    rows: Vec<Rows>,
) -> Result<Vec<api::Session>> {
    let starts: Vec<(String, i64)> =
        rows.iter().map(|row| (row.workload.id.clone(), row.workload.generation)).collect();
    let costs = costs(connection, &starts, now())?;
    let mut steps = steps(connection, &starts)?;
    let workloads: Vec<&WorkloadRow> = rows.iter().map(|row| &row.workload).collect();
    let mut data = mounts::Shown::load(connection, app, viewer, &workloads)?;
    let mut notices = Notices::default();
    let rule = Rule::minutes(app.config.idle_minutes, app.config.idle_warning_minutes);
    let disk_rule = disk::Rule { limit: app.config.session_disk() };
    let shortage = disk::shortage(app);
    rows.into_iter()
        .map(|row| {
            let Rows { workload, status, start, project: (slug, project_name), owner_name } = row;
            let state = status.state();
            let (cost, cost_total) = costs.get(&workload.id).copied().unwrap_or_default();
            let observed = app.workloads.observed(&workload.id, workload.generation);
            let observed = observed.filter(|_| state == SessionState::Running);
            let environment_name = app
                .environments
                .definition(&workload.environment_id)
                .map_or_else(|| workload.environment_id.clone(), |found| found.about.name.clone());
            Ok(api::Session {
                notice: notices.of(connection, app, &workload, &status)?,
                disk_warning: observed
                    .as_ref()
                    .and_then(|seen| disk::warning(disk_rule, seen.activity.disk.as_ref()?, shortage)),
                data_all: data.is_all(&workload.id),
                data: data.take(&workload.id),
                data_progress: app.mounts.progress(&workload.id),
                usage: observed.map(|seen| seen.usage(disk_rule)),
                idle: (state == SessionState::Running).then(|| idle(&status, rule)),
                failure: status
                    .failure_code
                    .zip(status.failure_detail)
                    .map(|(code, detail)| api::Failure { code, detail }),
                steps: steps.remove(&workload.id).unwrap_or_default(),
                mine: workload.owner_id == viewer,
                end_cause: status.end_cause.and_then(|cause| cause.parse().ok()),
                started_at: status.started_at,
                ended_at: status.ended_at,
                id: workload.id,
                name: workload.name,
                project: slug,
                project_name,
                owner: workload.owner_id,
                owner_name,
                tool: workload.tool,
                environment: workload.environment_id,
                environment_name,
                tier: start.tier_id,
                tier_name: start.tier_name,
                cpu_milli: start.cpu_milli,
                memory_bytes: start.memory_bytes,
                price_per_hour: Micros(start.price_micros),
                state,
                generation: workload.generation,
                created_at: workload.created_at,
                wanted_at: start.asked_at,
                cost,
                cost_total,
            })
        })
        .collect()
}

fn idle(status: &StatusRow, rule: Rule) -> api::Idle {
    let alive = status.alive();
    api::Idle {
        stops_at: rule
            .stops_at(&alive, status.last_active_at)
            .map(|at| status.idle_warned_at.map_or(at, |warned_at| at.max(warned_at + rule.warning_ms))),
        alive,
        last_active_at: status.last_active_at,
        warned: status.idle_warned_at.is_some(),
    }
}

/// The steps of the given starts, in order.
fn steps(connection: &mut Connection, of: &[(String, i64)]) -> Result<HashMap<String, Vec<api::Step>>> {
    use schema::workload_steps as steps;
    let rows: Vec<(String, i64, String, i64, Option<i64>)> = steps::table
        .filter(steps::workload_id.eq_any(of.iter().map(|(id, _)| id)))
        .select((steps::workload_id, steps::generation, steps::name, steps::started_at, steps::ended_at))
        .load(connection)?;
    let current: HashMap<&str, i64> = of.iter().map(|(id, generation)| (id.as_str(), *generation)).collect();
    let mut found: HashMap<String, Vec<api::Step>> = HashMap::new();
    for (id, generation, name, started_at, ended_at) in rows {
        if current.get(id.as_str()) == Some(&generation)
            && let Ok(name) = name.parse()
        {
            found.entry(id).or_default().push(api::Step { name, started_at, ended_at });
        }
    }
    // The words are in the order of the steps.
    found.values_mut().for_each(|steps| steps.sort_by_key(|step| step.name));
    Ok(found)
}

/// Tiers are read only for those few who ran out of memory, once per person and project.
#[derive(Default)]
struct Notices(HashMap<(String, String), Vec<TierRow>>);

impl Notices {
    fn of(
        &mut self,
        connection: &mut Connection,
        app: &App,
        workload: &WorkloadRow,
        status: &StatusRow,
    ) -> Result<Option<api::OutOfMemory>> {
        let (Some(at), Some(used_bytes), Some(limit_bytes)) =
            (status.oom_at, status.oom_used_bytes, status.oom_limit_bytes)
        else {
            return Ok(None);
        };
        let WorkloadRow { organization_id, project_id, owner_id, .. } = workload;
        let tiers = match self.0.entry((project_id.clone(), owner_id.clone())) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let whose = (organization_id.as_str(), project_id.as_str(), owner_id.as_str());
                place.insert(tiers::startable(connection, &app.policies, &app.host, whose)?)
            }
        };
        let fitting_tier =
            tiers.iter().find(|tier| tier.memory_bytes > limit_bytes).map(|tier| tier.id.clone());
        Ok(Some(api::OutOfMemory { at, used_bytes, limit_bytes, fitting_tier }))
    }
}
