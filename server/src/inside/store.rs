//! Rows of the workload that asks.

use crate::access::AsWorkload;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::mounts;
use crate::workloads::{StartRow, WorkloadRow};
use atelier_api::workload::Workload;
use diesel::prelude::*;

/// The workload, where it is and for whom.
pub(super) fn describe(connection: &mut Connection, access: &AsWorkload) -> Result<Workload> {
    use schema::{organizations, projects, users, workload_starts as starts, workloads};
    let started = starts::workload_id.eq(workloads::id).and(starts::generation.eq(workloads::generation));
    type Names = ((String, String), (String, String), String);
    let (row, start, names): (WorkloadRow, StartRow, Names) = workloads::table
        .inner_join(projects::table)
        .inner_join(organizations::table.on(organizations::id.eq(workloads::organization_id)))
        .inner_join(starts::table.on(started))
        .inner_join(users::table.on(users::id.eq(starts::asked_by)))
        .filter(workloads::id.eq(&access.inside().workload_id))
        .select((
            WorkloadRow::as_select(),
            StartRow::as_select(),
            ((organizations::slug, organizations::name), (projects::slug, projects::name), users::name),
        ))
        .first(connection)?;
    let data = mounts::inside(connection, &row.id, row.generation)?;
    let ((organization, organization_name), (project, project_name), person_name) = names;
    Ok(Workload {
        id: row.id,
        kind: row.kind,
        name: row.name,
        generation: row.generation,
        organization,
        organization_name,
        project,
        project_name,
        person: start.asked_by,
        person_name,
        environment: row.environment_id,
        tool: row.tool,
        tier: start.tier_id,
        tier_name: start.tier_name,
        cpu_milli: start.cpu_milli,
        memory_bytes: start.memory_bytes,
        data,
    })
}
