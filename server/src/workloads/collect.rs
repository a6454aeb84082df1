//! After a container: its bill is closed, why it ended is written down, and what is not needed is removed.

use super::end::{self, Facts};
use super::rows::StatusRow;
use super::wanted::Goal;
use super::{last_log, status, tell};
use crate::access::Policies;
use crate::app::App;
use crate::billing::{Moment, ledger};
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::events::Change;
use crate::tiers;
use actix_web::web::Data;
use atelier_api::session::{EndCause, Failure, StepName};
use atelier_sandbox::{Error, Identity, Seen};
use diesel::prelude::*;

/// An out-of-memory report this long before the end is its cause.
const OOM_BEFORE_END_MS: i64 = 30_000;
/// How often one start is begun anew because its bootstrap was lost, which only the end of the server brings
/// about: more often than any server is killed within one start.
const START_OVERS: i64 = 10;

/// The current container of a workload has ended.
pub(super) async fn collect(app: Data<App>, container: Seen) -> anyhow::Result<()> {
    let Some(identity) = container.identity.clone() else { return Ok(()) };
    let daemon_started_at = app.docker.daemon().await?.started_at_ms;
    let log: Vec<String> = match app.docker.logs_tail(&container.name, last_log::LINES).await {
        Ok(lines) => lines.into_iter().map(|line| line.text).collect(),
        Err(Error::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let last_line = log.iter().rfind(|text| !text.trim().is_empty()).cloned();
    let (host, policies) = (app.host.clone(), app.policies.clone());
    let moment = Moment::now();
    let (id, generation) = (identity.workload.clone(), identity.generation);
    let alive = app.channels.seen(&id).filter(|(of, _)| *of == generation);
    let project_and_payer = app
        .db
        .write(move |connection| {
            let (id, generation) = (identity.workload.as_str(), identity.generation);
            let ending = ledger::Ending {
                started_at: container.started_at_ms,
                finished_at: container.finished_at_ms,
                daemon_started_at,
            };
            let name = ledger::container(id, generation);
            if let Some((_, moment)) = &alive {
                ledger::still(connection, &name, moment)?;
            }
            let watched = ledger::close(connection, &name, ending, &moment)?;
            let Some((mut facts, project_id)) = facts(connection, (&host, &policies), id, generation)? else {
                return Ok(None);
            };
            facts.last_line.clone_from(&last_line);
            facts.daemon_restarted =
                container.started_at_ms.is_some() && daemon_started_at.is_some() && !watched;
            status::ended(connection, id, generation, &end::judge(&container, &facts))?;
            last_log::keep(connection, id, generation, &log)?;
            Ok(Some((project_id, payer(connection, id, generation)?)))
        })
        .await?;
    app.channels.close(&id);
    app.workloads.0.latest.forget(&id);
    if let Some((project_id, payer)) = project_and_payer {
        tracing::info!(workload = id, generation, "the container's end is written down");
        tell(&app, &project_id, &id);
        tell_spend(&app, payer);
    }
    Ok(())
}

/// The container that should be there is not, or nothing should be there any more.
pub(super) async fn note_end(app: Data<App>, id: String, generation: i64, goal: Goal) -> anyhow::Result<()> {
    // It may have come since Docker was looked at: only Docker's own "no" counts.
    match app.docker.inspect(&Identity::name_of(&id, generation)).await {
        Err(Error::NotFound(_)) => {}
        Ok(_) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let moment = Moment::now();
    let alive = app.channels.seen(&id).filter(|(of, _)| *of == generation);
    let key = id.clone();
    let found = app
        .db
        .write(move |connection| {
            // Docker has nothing to say of it: what the heartbeats and the agent say is all there is.
            let nothing = ledger::Ending::default();
            let name = ledger::container(&key, generation);
            if let Some((_, moment)) = &alive {
                ledger::still(connection, &name, moment)?;
            }
            ledger::close(connection, &name, nothing, &moment)?;
            let Some((asked, noted, project_id)) = asked(connection, &key, generation)? else {
                return Ok(None);
            };
            status::ended(connection, &key, generation, &end::without_container(goal, asked, noted, now()))?;
            Ok(Some((project_id, payer(connection, &key, generation)?)))
        })
        .await?;
    app.channels.close(&id);
    app.workloads.0.latest.forget(&id);
    if let Some((project_id, payer)) = found {
        tell(&app, &project_id, &id);
        tell_spend(&app, payer);
    }
    Ok(())
}

/// Bills and removes a container that is not needed any more.
pub(super) async fn remove(app: Data<App>, container: Seen) -> anyhow::Result<()> {
    if let Some(identity) = container.identity.clone() {
        let daemon_started_at = app.docker.daemon().await?.started_at_ms;
        let moment = Moment::now();
        let ending = ledger::Ending {
            started_at: container.started_at_ms,
            finished_at: container.finished_at_ms,
            daemon_started_at,
        };
        app.db
            .write(move |connection| {
                let name = ledger::container(&identity.workload, identity.generation);
                ledger::close(connection, &name, ending, &moment).map(drop)
            })
            .await?;
    }
    app.docker.remove(&container.name).await?;
    Ok(())
}

/// The agent never got its bootstrap: the next generation begins as this one did, unless that was tried
/// often enough.
pub(super) async fn start_over(app: Data<App>, container: Seen) -> anyhow::Result<()> {
    use schema::{workload_starts as starts, workloads};
    let Some(key) = container.identity.clone() else { return Ok(()) };
    let goes_on = app
        .db
        .admit(move |connection| {
            let (id, generation) = (key.workload.as_str(), key.generation);
            let start: super::StartRow = starts::table
                .find((id, generation))
                .select(super::StartRow::as_select())
                .first(connection)?;
            let attempts: i64 = starts::table
                .filter(starts::workload_id.eq(id))
                .filter(starts::asked_at.eq(start.asked_at))
                .count()
                .get_result(connection)?;
            if attempts > START_OVERS {
                return Ok(false);
            }
            let changed = diesel::update(workloads::table.find(id))
                .filter(workloads::generation.eq(generation))
                .filter(workloads::wanted.eq(Goal::Running.as_str()))
                .set(workloads::generation.eq(generation + 1))
                .execute(connection)?;
            if changed == 0 {
                return Ok(true);
            }
            let generation = generation + 1;
            diesel::insert_into(starts::table)
                .values(super::StartRow { generation, image: None, ..start })
                .execute(connection)?;
            status::admitted(connection, id, generation)?;
            Ok(true)
        })
        .await?;
    match goes_on {
        true => remove(app, container).await,
        false => collect(app, container).await,
    }
}

/// What is known of the current start; `None` if it is no longer current.
fn facts(
    connection: &mut Connection,
    (host, policies): (&tiers::host::Host, &Policies),
    id: &str,
    generation: i64,
) -> Result<Option<(Facts, String)>> {
    use schema::{workload_starts as starts, workload_status as status, workload_steps as steps, workloads};
    let Some((asked, noted, project_id)) = asked(connection, id, generation)? else { return Ok(None) };
    let (organization_id, owner_id, status): (String, String, StatusRow) = workloads::table
        .inner_join(status::table)
        .filter(workloads::id.eq(id))
        .select((workloads::organization_id, workloads::owner_id, StatusRow::as_select()))
        .first(connection)?;
    let memory_bytes: i64 =
        starts::table.find((id, generation)).select(starts::memory_bytes).first(connection)?;
    let tool: Option<Option<i64>> = steps::table
        .find((id, generation, StepName::Tool.as_str()))
        .select(steps::ended_at)
        .first(connection)
        .optional()?;
    let now = now();
    let whose = (organization_id.as_str(), project_id.as_str(), owner_id.as_str());
    let tiers = tiers::startable(connection, policies, host, whose)?;
    let fitting = tiers.iter().find(|tier| tier.memory_bytes > memory_bytes);
    let facts = Facts {
        asked,
        noted,
        ready: tool.flatten().is_some(),
        out_of_memory: status.oom_at.is_some_and(|at| now - at < OOM_BEFORE_END_MS),
        memory_bytes,
        fitting_tier: fitting.map(|tier| (tier.name.clone(), tier.memory_bytes)),
        last_line: None,
        daemon_restarted: false,
        now,
    };
    Ok(Some((facts, project_id)))
}

type Asked = (Option<EndCause>, Option<Failure>, String);

/// Why the workload was asked to end, if it was, what failed before, and its project; `None` if
/// `generation` is no longer current or its end is written down already.
fn asked(connection: &mut Connection, id: &str, generation: i64) -> Result<Option<Asked>> {
    use schema::{workload_status as status, workloads};
    type Row = (String, Option<String>, String, StatusRow);
    let row: Option<Row> = workloads::table
        .inner_join(status::table)
        .filter(workloads::id.eq(id))
        .filter(workloads::generation.eq(generation))
        .select((workloads::wanted, workloads::stop_cause, workloads::project_id, StatusRow::as_select()))
        .first(connection)
        .optional()?;
    let open = row.filter(|(.., status)| !status.is_final());
    Ok(open.map(|(wanted, cause, project_id, status)| {
        let asked = (wanted != Goal::Running.as_str())
            .then(|| cause.and_then(|cause| cause.parse().ok()).unwrap_or(EndCause::User));
        let noted = status.failure_code.zip(status.failure_detail);
        let noted = noted.filter(|(code, _)| !super::status::is_waiting(code));
        (asked, noted.map(|(code, detail)| Failure { code, detail }), project_id)
    }))
}

type Payer = Option<(String, String)>;

/// Organization and person whose bill has changed.
fn payer(connection: &mut Connection, id: &str, generation: i64) -> Result<Payer> {
    use schema::{workload_starts as starts, workloads};
    Ok(workloads::table
        .inner_join(starts::table)
        .filter(workloads::id.eq(id))
        .filter(starts::generation.eq(generation))
        .select((workloads::organization_id, starts::asked_by))
        .first(connection)
        .optional()?)
}

fn tell_spend(app: &App, payer: Payer) {
    if let Some((organization_id, user_id)) = payer {
        app.events.tell(Change::Spend { organization_id, user_id });
    }
}
