//! Stops who puts too much on the disk, and, where the disk runs full, who has written most. It acts for
//! nobody, so no proof is asked.

use super::reserve::{Shortage, free, of_docker, short};
use super::rule::{Rule, first_to_stop, for_the_reserve};
use crate::app::App;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::events::Change;
use crate::workloads::{Goal, request};
use actix_web::web::Data;
use atelier_api::channel::Disk;
use atelier_api::session::{EndCause, Failure, SessionState};
use atelier_sandbox::Identity;
use diesel::prelude::*;
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(1);
/// Within this a stopped session has let go of its files; then the next one is looked for.
const LETS_GO: Duration = Duration::from_secs(15);

struct Running {
    id: String,
    project_id: String,
    generation: i64,
}

/// Whom the disk's shortage has ended last.
struct Ended {
    container: String,
    at: Instant,
}

/// Runs until the server ends.
pub async fn watch(app: Data<App>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut ended = None;
    loop {
        tick.tick().await;
        if let Err(error) = look(&app, &mut ended).await {
            tracing::warn!(%error, "could not look after the disk");
        }
    }
}

async fn look(app: &App, ended: &mut Option<Ended>) -> Result<()> {
    let rule = Rule { limit: app.config.session_disk() };
    let mut within = Vec::new();
    for session in app.db.read(running).await? {
        let observed = app.workloads.observed(&session.id, session.generation);
        let said = observed.and_then(|observed| observed.activity.disk);
        let disk = app.disk_seen.corrected(&session.id, session.generation, said);
        let Some(disk) = disk else { continue };
        match rule.breach(&disk) {
            Some(failure) => stop(app, &session, failure).await?,
            None => within.push((session, disk)),
        }
    }
    let free = of_docker(app).and_then(|folder| free(&folder));
    match free.and_then(|free| short(free, app.config.disk_reserve())) {
        Some(shortage) => relieve(app, &within, shortage, ended).await,
        None => Ok(()),
    }
}

/// One after the other, since the first may be enough: neighbours live.
async fn relieve(
    app: &App,
    sessions: &[(Running, Disk)],
    shortage: Shortage,
    ended: &mut Option<Ended>,
) -> Result<()> {
    if let Some(last) = ended.as_ref().filter(|last| last.at.elapsed() < LETS_GO) {
        // It goes on writing instead of saving what it has.
        if shortage.free < shortage.reserve / 2
            && let Err(error) = app.docker.kill(&last.container).await
        {
            tracing::debug!(container = last.container, %error, "it was not killed; it may have ended");
        }
        return Ok(());
    }
    let Some((session, disk)) = first_to_stop(sessions) else {
        tracing::warn!(free = shortage.free, "the disk runs full, and it is no session that fills it");
        return Ok(());
    };
    let container = Identity::name_of(&session.id, session.generation);
    *ended = Some(Ended { container, at: Instant::now() });
    stop(app, session, for_the_reserve(disk, shortage)).await
}

async fn stop(app: &App, session: &Running, failure: Failure) -> Result<()> {
    tracing::warn!(
        workload = session.id,
        code = failure.code,
        detail = failure.detail,
        "stopped for the disk"
    );
    let (id, generation) = (session.id.clone(), session.generation);
    app.db
        .write(move |connection| request::stop_because(connection, &id, generation, EndCause::Disk, &failure))
        .await?;
    let (project_id, session_id) = (session.project_id.clone(), session.id.clone());
    app.events.tell(Change::Session { project_id, session_id });
    app.workloads.wake();
    Ok(())
}

fn running(connection: &mut Connection) -> Result<Vec<Running>> {
    use schema::{workload_status as status, workloads};
    let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
    let rows: Vec<(String, String, i64)> = workloads::table
        .inner_join(status::table)
        .filter(workloads::wanted.eq(Goal::Running.as_str()))
        .filter(status::state.ne_all(over))
        .select((workloads::id, workloads::project_id, workloads::generation))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, project_id, generation)| Running { id, project_id, generation }).collect())
}
