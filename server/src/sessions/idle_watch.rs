//! Looks after idle sessions: warns, then stops. It acts for nobody, so no proof is asked.

use super::idle::{Action, Rule, Signs, Verdict, judge};
use crate::app::App;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::events::Change;
use crate::workloads::{Goal, SESSION, StatusRow, alive_json, request};
use actix_web::web::Data;
use atelier_api::session::{AliveReason, EndCause, SessionState};
use diesel::prelude::*;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(5);
/// An older report says nothing of now: the agent is silent, or the container paused.
const FRESH_MS: i64 = 30_000;
/// The time of the last activity is written this seldom while nothing else changes.
const WRITE_EVERY_MS: i64 = 60_000;

/// Runs until the server ends.
pub async fn watch(app: Data<App>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        // Only the server that hears the agents may conclude anything from their silence.
        if app.workloads.lease().fence().is_none() {
            continue;
        }
        if let Err(error) = look(&app).await {
            tracing::warn!(%error, "could not look after idle sessions");
        }
    }
}

struct Running {
    id: String,
    project_id: String,
    generation: i64,
    status: StatusRow,
}

async fn look(app: &App) -> Result<()> {
    let rule = Rule::minutes(app.config.idle_minutes, app.config.idle_warning_minutes);
    for session in app.db.read(running).await? {
        let signs = Signs {
            now: now(),
            report: app
                .workloads
                .observed(&session.id, session.generation)
                .filter(|observed| now() - observed.at <= FRESH_MS)
                .map(|observed| (observed.activity, observed.cpu_milli)),
            interaction_at: app.channels.last_interaction(&session.id),
            alive: session.status.alive(),
            last_active_at: session.status.last_active_at,
            warned_at: session.status.idle_warned_at,
        };
        let verdict = judge(&signs, rule);
        if is_news(&signs, &verdict) {
            let (id, project_id) = (session.id.clone(), session.project_id.clone());
            let stops = verdict.action == Action::Stop;
            app.db.write(move |connection| write(connection, &session, &verdict)).await?;
            app.events.tell(Change::Session { project_id, session_id: id });
            if stops {
                app.workloads.wake();
            }
        }
    }
    Ok(())
}

fn is_news(signs: &Signs, verdict: &Verdict) -> bool {
    verdict.action != Action::Nothing
        || verdict.alive != signs.alive
        || verdict.last_active_at - signs.last_active_at >= WRITE_EVERY_MS
        || (signs.warned_at.is_some() && verdict.last_active_at > signs.last_active_at)
}

fn running(connection: &mut Connection) -> Result<Vec<Running>> {
    use schema::{workload_status as status, workloads};
    let rows: Vec<(String, String, i64, StatusRow)> = workloads::table
        .inner_join(status::table)
        .filter(workloads::kind.eq(SESSION))
        .filter(workloads::wanted.eq(Goal::Running.as_str()))
        .filter(status::state.eq(SessionState::Running.as_str()))
        .select((workloads::id, workloads::project_id, workloads::generation, StatusRow::as_select()))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(id, project_id, generation, status)| Running { id, project_id, generation, status })
        .collect())
}

/// Nothing is written over what came in between: an extension, or another start.
fn write(connection: &mut Connection, session: &Running, verdict: &Verdict) -> Result<()> {
    use schema::{workload_status as status, workloads};
    let unchanged: i64 = workloads::table
        .inner_join(status::table)
        .filter(workloads::id.eq(&session.id))
        .filter(workloads::generation.eq(session.generation))
        .filter(status::state.eq(SessionState::Running.as_str()))
        .filter(status::last_active_at.eq(session.status.last_active_at))
        .count()
        .get_result(connection)?;
    if unchanged == 0 {
        return Ok(());
    }
    if verdict.action == Action::Stop {
        return request::stop(connection, &session.id, EndCause::Idle);
    }
    let warned_at = match verdict.action {
        Action::Warn => Some(now()),
        _ if verdict.last_active_at > session.status.last_active_at => None,
        _ => session.status.idle_warned_at,
    };
    activity(connection, &session.id, &verdict.alive, verdict.last_active_at, warned_at)
}

/// Why the session is alive and since when nothing happened.
pub(super) fn activity(
    connection: &mut Connection,
    id: &str,
    alive: &AliveReason,
    last_active_at: i64,
    warned_at: Option<i64>,
) -> Result<()> {
    use schema::workload_status as status;
    diesel::update(status::table.find(id))
        .set((
            status::alive.eq(alive_json(alive)),
            status::last_active_at.eq(last_active_at),
            status::idle_warned_at.eq(warned_at),
            status::updated_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(())
}
