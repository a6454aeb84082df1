//! What is known, written down. For the reconciler and the agents' reports, which act for nobody: no proof
//! is asked. Every write names the generation that it speaks of and does nothing if that is no longer the
//! current one.

use super::end::End;
use super::rows::alive_json;
use super::wanted::Goal;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use atelier_api::session::{AliveReason, EndCause, Failure, SessionState, StepName};
use diesel::prelude::*;

/// The code of a failure that only waits for Docker.
pub const DOCKER_AWAY: &str = "docker-unreachable";

/// The code of a failure that only waits for the storage of files.
const STORAGE_AWAY: &str = "storage-unavailable";

/// Whether a failure of this code only waits for something: it is not why something ended.
pub fn is_waiting(code: &str) -> bool {
    [DOCKER_AWAY, STORAGE_AWAY].contains(&code)
}

/// Whether `generation` is the workload's current one.
pub fn is_current(connection: &mut Connection, id: &str, generation: i64) -> Result<bool> {
    use schema::workloads;
    let current: Option<i64> =
        workloads::table.find(id).select(workloads::generation).first(connection).optional()?;
    Ok(current == Some(generation))
}

/// A new start begins: nothing of the one before is left in the status.
pub fn admitted(connection: &mut Connection, id: &str, generation: i64) -> Result<()> {
    use schema::workload_status as status;
    step_began(connection, id, generation, StepName::Admitted)?;
    step_ended(connection, id, generation, StepName::Admitted)?;
    let now = now();
    diesel::update(status::table.find(id))
        .set((
            status::state.eq(SessionState::Starting.as_str()),
            status::started_at.eq(None::<i64>),
            status::ended_at.eq(None::<i64>),
            status::end_cause.eq(None::<String>),
            status::failure_code.eq(None::<String>),
            status::failure_detail.eq(None::<String>),
            status::alive.eq(alive_json(&AliveReason::Starting)),
            status::last_active_at.eq(now),
            status::idle_warned_at.eq(None::<i64>),
            status::oom_at.eq(None::<i64>),
            status::oom_used_bytes.eq(None::<i64>),
            status::oom_limit_bytes.eq(None::<i64>),
            status::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Notes that a step began, the first time.
pub fn step_began(connection: &mut Connection, id: &str, generation: i64, name: StepName) -> Result<()> {
    use schema::workload_steps as steps;
    let known: i64 = steps::table.find((id, generation, name.as_str())).count().get_result(connection)?;
    if known == 0 {
        diesel::insert_into(steps::table)
            .values((
                steps::workload_id.eq(id),
                steps::generation.eq(generation),
                steps::name.eq(name.as_str()),
                steps::started_at.eq(now()),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Notes that a step ended, the first time.
pub fn step_ended(connection: &mut Connection, id: &str, generation: i64, name: StepName) -> Result<()> {
    use schema::workload_steps as steps;
    diesel::update(steps::table.find((id, generation, name.as_str())))
        .filter(steps::ended_at.is_null())
        .set(steps::ended_at.eq(now()))
        .execute(connection)?;
    Ok(())
}

/// Docker says that the container runs, since `started_at`.
pub fn runs(connection: &mut Connection, id: &str, generation: i64, started_at: i64) -> Result<()> {
    use schema::{workload_status as status, workload_steps as steps};
    let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
    let open: i64 =
        status::table.find(id).filter(status::state.ne_all(over)).count().get_result(connection)?;
    if open == 0 || !is_current(connection, id, generation)? {
        return Ok(());
    }
    step_ended(connection, id, generation, StepName::Container)?;
    step_began(connection, id, generation, StepName::Tool)?;
    let ready: Option<i64> = steps::table
        .find((id, generation, StepName::Tool.as_str()))
        .select(steps::ended_at)
        .first(connection)?;
    let state = if ready.is_some() { SessionState::Running } else { SessionState::Starting };
    diesel::update(status::table.find(id))
        .set((
            status::state.eq(state.as_str()),
            status::started_at.eq(started_at),
            status::failure_code.eq(None::<String>),
            status::failure_detail.eq(None::<String>),
            status::updated_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(())
}

/// The tool answers. Says whether that is news.
pub fn ready(connection: &mut Connection, id: &str, generation: i64) -> Result<bool> {
    use schema::workload_status as status;
    if !is_current(connection, id, generation)? {
        return Ok(false);
    }
    step_ended(connection, id, generation, StepName::Container)?;
    step_began(connection, id, generation, StepName::Tool)?;
    step_ended(connection, id, generation, StepName::Tool)?;
    let changed = diesel::update(status::table.find(id))
        .filter(status::state.eq(SessionState::Starting.as_str()))
        .set((
            status::state.eq(SessionState::Running.as_str()),
            status::last_active_at.eq(now()),
            status::alive.eq(alive_json(&AliveReason::Interaction)),
            status::updated_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(changed > 0)
}

/// Memory ran out inside, the workload goes on.
pub fn out_of_memory(
    connection: &mut Connection,
    id: &str,
    generation: i64,
    (used, limit): (i64, i64),
) -> Result<()> {
    use schema::workload_status as status;
    if is_current(connection, id, generation)? {
        diesel::update(status::table.find(id))
            .set((
                status::oom_at.eq(now()),
                status::oom_used_bytes.eq(used),
                status::oom_limit_bytes.eq(limit),
                status::updated_at.eq(now()),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// The container is being stopped.
pub fn stopping(connection: &mut Connection, id: &str, generation: i64) -> Result<()> {
    use schema::workload_status as status;
    if is_current(connection, id, generation)? {
        diesel::update(status::table.find(id))
            .filter(status::state.ne(SessionState::Stopping.as_str()))
            .set((status::state.eq(SessionState::Stopping.as_str()), status::updated_at.eq(now())))
            .execute(connection)?;
    }
    Ok(())
}

/// Gives a start up, or a run: it should stop, for this cause.
pub fn give_up(
    connection: &mut Connection,
    id: &str,
    generation: i64,
    cause: EndCause,
    failure: Option<&Failure>,
) -> Result<bool> {
    use schema::{workload_status as status, workloads};
    let changed = diesel::update(workloads::table.find(id))
        .filter(workloads::generation.eq(generation))
        .filter(workloads::wanted.eq(Goal::Running.as_str()))
        .set((
            workloads::wanted.eq(Goal::Stopped.as_str()),
            workloads::stop_cause.eq(cause.as_str()),
            workloads::wanted_at.eq(now()),
        ))
        .execute(connection)?;
    if changed == 0 {
        return Ok(false);
    }
    diesel::update(status::table.find(id))
        .set((
            status::state.eq(SessionState::Stopping.as_str()),
            status::failure_code.eq(failure.map(|failure| &failure.code)),
            status::failure_detail.eq(failure.map(|failure| &failure.detail)),
            status::updated_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(true)
}

/// It is over. What was wanted follows what is, so that nothing starts again by itself.
pub fn ended(connection: &mut Connection, id: &str, generation: i64, end: &End) -> Result<()> {
    use schema::{workload_status as status, workloads};
    if !is_current(connection, id, generation)? {
        return Ok(());
    }
    diesel::update(workloads::table.find(id))
        .filter(workloads::wanted.eq(Goal::Running.as_str()))
        .set((workloads::wanted.eq(Goal::Stopped.as_str()), workloads::stop_cause.eq(end.cause.as_str())))
        .execute(connection)?;
    diesel::update(status::table.find(id))
        .set((
            status::state.eq(end.state.as_str()),
            status::ended_at.eq(end.at),
            status::end_cause.eq(end.cause.as_str()),
            status::failure_code.eq(end.failure.as_ref().map(|failure| &failure.code)),
            status::failure_detail.eq(end.failure.as_ref().map(|failure| &failure.detail)),
            status::alive.eq(alive_json(&AliveReason::Nothing)),
            status::idle_warned_at.eq(None::<i64>),
            status::updated_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(())
}

/// Nothing certain can be said of a workload that has run.
pub fn unknown(connection: &mut Connection, id: &str, generation: i64) -> Result<()> {
    use schema::workload_status as status;
    if !is_current(connection, id, generation)? {
        return Ok(());
    }
    diesel::update(status::table.find(id))
        .filter(status::started_at.is_not_null())
        .set((status::state.eq(SessionState::Unknown.as_str()), status::updated_at.eq(now())))
        .execute(connection)?;
    waits_for_docker(connection, id)
}

/// Notes why nothing moves; the start or stop goes on by itself when Docker is back.
pub fn waits_for_docker(connection: &mut Connection, id: &str) -> Result<()> {
    let detail = "Docker does not answer. Nothing is lost: this goes on by itself as soon as it does. If it stays \
                  so, an administrator must look after Docker on the host.";
    waits(connection, id, &Failure { code: DOCKER_AWAY.to_owned(), detail: detail.to_owned() })
}

/// Notes why nothing moves, in words; it goes on by itself.
pub fn waits(connection: &mut Connection, id: &str, why: &Failure) -> Result<()> {
    use schema::workload_status as status;
    diesel::update(status::table.find(id))
        .filter(status::failure_code.is_null().or(status::failure_code.eq_any([DOCKER_AWAY, STORAGE_AWAY])))
        .filter(status::failure_code.is_null().or(status::failure_code.ne(&why.code)))
        .set((
            status::failure_code.eq(&why.code),
            status::failure_detail.eq(&why.detail),
            status::updated_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(())
}

/// What was waited for has answered.
pub fn goes_on(connection: &mut Connection, id: &str) -> Result<()> {
    use schema::workload_status as status;
    diesel::update(status::table.find(id))
        .filter(status::failure_code.eq_any([DOCKER_AWAY, STORAGE_AWAY]))
        .set((status::failure_code.eq(None::<String>), status::failure_detail.eq(None::<String>)))
        .execute(connection)?;
    Ok(())
}

/// Docker does not answer at all. Gives the workloads whose status changed, with their projects.
pub fn docker_away(connection: &mut Connection) -> Result<Vec<(String, String)>> {
    use schema::{workload_status as status, workloads};
    let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
    let open: Vec<(String, String, i64, String, Option<i64>)> = workloads::table
        .inner_join(status::table)
        .filter(status::state.ne_all(over))
        .filter(status::failure_code.is_null().or(status::failure_code.ne(DOCKER_AWAY)))
        .select((
            workloads::project_id,
            workloads::id,
            workloads::generation,
            status::state,
            status::started_at,
        ))
        .load(connection)?;
    for (_, id, generation, _, started_at) in &open {
        match started_at {
            Some(_) => unknown(connection, id, *generation)?,
            None => waits_for_docker(connection, id)?,
        }
    }
    Ok(open.into_iter().map(|(project_id, id, ..)| (project_id, id)).collect())
}
