//! What people ask for, written down: the reconciler does it. The caller has checked who may, tells of the
//! change and wakes the reconciler after the commit.

use super::rows::{StartRow, alive_json};
use super::wanted::Goal;
use super::{WorkloadRow, status};
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::tiers::store::TierRow;
use atelier_api::session::{AliveReason, EndCause, Failure, SessionState};
use diesel::prelude::*;

/// A new workload and its first start.
pub fn create(
    connection: &mut Connection,
    workload: &WorkloadRow,
    asked_by: &str,
    tier: &TierRow,
) -> Result<()> {
    use schema::{workload_status as status, workloads};
    diesel::insert_into(workloads::table)
        .values((
            workloads::id.eq(&workload.id),
            workloads::kind.eq(&workload.kind),
            workloads::organization_id.eq(&workload.organization_id),
            workloads::project_id.eq(&workload.project_id),
            workloads::owner_id.eq(&workload.owner_id),
            workloads::name.eq(&workload.name),
            workloads::environment_id.eq(&workload.environment_id),
            workloads::tool.eq(&workload.tool),
            workloads::wanted.eq(&workload.wanted),
            workloads::generation.eq(workload.generation),
            workloads::created_at.eq(workload.created_at),
            workloads::wanted_at.eq(workload.wanted_at),
        ))
        .execute(connection)?;
    diesel::insert_into(status::table)
        .values((
            status::workload_id.eq(&workload.id),
            status::state.eq(SessionState::Starting.as_str()),
            status::alive.eq(alive_json(&AliveReason::Starting)),
            status::last_active_at.eq(workload.created_at),
            status::updated_at.eq(workload.created_at),
        ))
        .execute(connection)?;
    add_start(connection, &workload.id, workload.generation, asked_by, tier)
}

/// The next start of a workload that has ended.
pub fn start_again(
    connection: &mut Connection,
    workload: &WorkloadRow,
    asked_by: &str,
    tier: &TierRow,
) -> Result<()> {
    use schema::workloads;
    let generation = workload.generation + 1;
    diesel::update(workloads::table.find(&workload.id))
        .set((
            workloads::wanted.eq(Goal::Running.as_str()),
            workloads::stop_cause.eq(None::<String>),
            workloads::generation.eq(generation),
            workloads::wanted_at.eq(now()),
        ))
        .execute(connection)?;
    add_start(connection, &workload.id, generation, asked_by, tier)
}

fn add_start(
    connection: &mut Connection,
    id: &str,
    generation: i64,
    asked_by: &str,
    tier: &TierRow,
) -> Result<()> {
    diesel::insert_into(schema::workload_starts::table)
        .values(StartRow {
            workload_id: id.to_owned(),
            generation,
            asked_by: asked_by.to_owned(),
            asked_at: now(),
            tier_id: tier.id.clone(),
            tier_name: tier.name.clone(),
            cpu_milli: tier.cpu_milli,
            memory_bytes: tier.memory_bytes,
            price_micros: tier.price.0,
            image: None,
        })
        .execute(connection)?;
    status::admitted(connection, id, generation)
}

/// A workload should stop. Nothing changes if it should already.
pub fn stop(connection: &mut Connection, id: &str, cause: EndCause) -> Result<()> {
    use schema::workloads;
    let generation: Option<i64> = workloads::table
        .find(id)
        .filter(workloads::wanted.eq(Goal::Running.as_str()))
        .select(workloads::generation)
        .first(connection)
        .optional()?;
    if let Some(generation) = generation {
        status::give_up(connection, id, generation, cause, None)?;
    }
    Ok(())
}

/// A start of a workload should end, and its owner is told why in a sentence. Nothing changes if it should
/// end already.
pub fn stop_because(
    connection: &mut Connection,
    id: &str,
    generation: i64,
    cause: EndCause,
    why: &Failure,
) -> Result<()> {
    status::give_up(connection, id, generation, cause, Some(why)).map(drop)
}

/// A workload should stop and is not to be seen any more. Its bill stays.
pub fn delete(connection: &mut Connection, id: &str, cause: EndCause) -> Result<()> {
    use schema::workloads;
    stop(connection, id, cause)?;
    diesel::update(workloads::table.find(id))
        .filter(workloads::deleted_at.is_null())
        .set((workloads::wanted.eq(Goal::Deleted.as_str()), workloads::deleted_at.eq(now())))
        .execute(connection)?;
    Ok(())
}

/// All workloads of a project that is being deleted. Gives their ids.
pub fn delete_all_of_project(connection: &mut Connection, project_id: &str) -> Result<Vec<String>> {
    use schema::workloads;
    let ids: Vec<String> = workloads::table
        .filter(workloads::project_id.eq(project_id))
        .filter(workloads::deleted_at.is_null())
        .select(workloads::id)
        .load(connection)?;
    ids.iter().try_for_each(|id| delete(connection, id, EndCause::ProjectDeleted))?;
    Ok(ids)
}

/// All workloads of a person who leaves an organization.
pub fn delete_all_of_person(connection: &mut Connection, organization_id: &str, user_id: &str) -> Result<()> {
    use schema::workloads;
    let ids: Vec<String> = workloads::table
        .filter(workloads::organization_id.eq(organization_id))
        .filter(workloads::owner_id.eq(user_id))
        .filter(workloads::deleted_at.is_null())
        .select(workloads::id)
        .load(connection)?;
    ids.iter().try_for_each(|id| delete(connection, id, EndCause::Disabled))
}

/// What a person runs in an organization should stop: he or she may no longer. Gives project and id of each.
pub fn stop_all_of_person(
    connection: &mut Connection,
    organization_id: &str,
    user_id: &str,
) -> Result<Vec<(String, String)>> {
    use schema::workloads;
    let running: Vec<(String, String)> = workloads::table
        .filter(workloads::organization_id.eq(organization_id))
        .filter(workloads::owner_id.eq(user_id))
        .filter(workloads::wanted.eq(Goal::Running.as_str()))
        .select((workloads::project_id, workloads::id))
        .load(connection)?;
    running.iter().try_for_each(|(_, id)| stop(connection, id, EndCause::Disabled))?;
    Ok(running)
}
