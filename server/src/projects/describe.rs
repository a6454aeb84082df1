//! Projects as the API shows them. However many they are, they take the same number of queries.

use super::resource::Project;
use crate::access::{Access, HeldRole, Permission, Resource};
use crate::billing::per_project_this_month;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::http::version::Versions;
use atelier_api as api;
use atelier_api::role::{Action, Object, ProjectRole};
use atelier_policies::RoleName;
use diesel::dsl::{count, count_star};
use diesel::prelude::*;
use std::collections::HashMap;

/// Projects of the organization that `access` is to, or is in.
pub(super) fn describe<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    projects: &[Project],
) -> Result<Vec<api::project::Project>> {
    let policy = access.policy();
    let ids: Vec<&str> = projects.iter().map(|project| project.row.id.as_str()).collect();
    let roles: Vec<Vec<RoleName>> = projects
        .iter()
        .map(|project| {
            access.roles().iter().cloned().chain(project.held.iter().map(HeldRole::name)).collect()
        })
        .collect();
    let sees_spend = |roles: &Vec<RoleName>| policy.decide(roles, Object::Spend, Action::Read, false);
    let spent = match projects.first().filter(|_| roles.iter().any(sees_spend)) {
        Some(project) => per_project_this_month(connection, &project.organization.id, now())?,
        None => HashMap::new(),
    };
    let members = members(connection, &ids)?;
    let running = running(connection, &ids)?;
    let versions = Versions::load(connection, Object::Project, ids.iter().copied())?;
    let to_api = |(project, roles): (&Project, &Vec<RoleName>)| {
        let Project { row, held, .. } = project;
        api::project::Project {
            id: row.id.clone(),
            slug: row.slug.clone(),
            name: row.name.clone(),
            description: row.description.clone(),
            archived_at: row.archived_at,
            created_at: row.created_at,
            role: held.iter().map(|role| role.base).min(),
            members: members.get(&row.id).copied().unwrap_or_default(),
            running: running.get(&row.id).copied().unwrap_or_default(),
            month: sees_spend(roles).then(|| spent.get(&row.id).copied().unwrap_or_default()),
            permissions: policy.permissions(roles),
            version: versions.of(&row.id),
        }
    };
    Ok(projects.iter().zip(&roles).map(to_api).collect())
}

fn members(connection: &mut Connection, ids: &[&str]) -> Result<HashMap<String, i64>> {
    use schema::project_roles as roles;
    let counts: Vec<(String, i64)> = roles::table
        .filter(roles::project_id.eq_any(ids))
        .filter(roles::role.ne(ProjectRole::NoAccess.as_str()))
        .group_by(roles::project_id)
        .select((roles::project_id, count(roles::user_id).aggregate_distinct()))
        .load(connection)?;
    Ok(counts.into_iter().collect())
}

fn running(connection: &mut Connection, ids: &[&str]) -> Result<HashMap<String, i64>> {
    use schema::{workload_status as status, workloads};
    let counts: Vec<(String, i64)> = workloads::table
        .inner_join(status::table)
        .filter(workloads::project_id.eq_any(ids))
        .filter(status::state.eq(api::session::SessionState::Running.as_str()))
        .group_by(workloads::project_id)
        .select((workloads::project_id, count_star()))
        .load(connection)?;
    Ok(counts.into_iter().collect())
}
