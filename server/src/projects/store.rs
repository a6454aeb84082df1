//! Rows of projects.

use super::resource::{Project, ProjectRow};
use crate::access::{Access, CreateProject, DeleteProject, Permission, ReadOrganization, UpdateProject};
use crate::access::{Reachable, Viewer};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::organizations::Organization;
use crate::slug::slug;
use crate::workloads::request;
use atelier_api as api;
use atelier_api::role::{Object, ProjectRole};
use diesel::prelude::*;

/// Names of an organization whose slug is already taken are tried with numbers up to this.
const SLUG_ATTEMPTS: u32 = 100;
/// Projects in one part of the list.
const PAGE: usize = 100;

/// Creates a project; its maker becomes its owner.
pub fn create(
    connection: &mut Connection,
    access: &Access<Organization, CreateProject>,
    name: &str,
    description: &str,
    sample: bool,
) -> Result<ProjectRow> {
    insert(connection, access.row(), &access.caller().user.id, name, description, sample)
}

/// As [`create`], for the set-up, which makes the organization in the same transaction.
pub(crate) fn insert(
    connection: &mut Connection,
    organization: &Organization,
    maker: &str,
    name: &str,
    description: &str,
    sample: bool,
) -> Result<ProjectRow> {
    use schema::{project_members as members, projects};
    let taken: Vec<String> = projects::table
        .filter(projects::organization_id.eq(&organization.id))
        .filter(projects::slug.like(format!("{}%", slug(name, "project", 0))))
        .select(projects::slug)
        .load(connection)?;
    let free = (0..SLUG_ATTEMPTS).map(|n| slug(name, "project", n)).find(|word| !taken.contains(word));
    let word = free.ok_or_else(|| Error::invalid_field("name", "is used too often; choose another"))?;
    let id = new_id();
    diesel::insert_into(projects::table)
        .values((
            projects::id.eq(&id),
            projects::organization_id.eq(&organization.id),
            projects::slug.eq(&word),
            projects::name.eq(name.trim()),
            projects::description.eq(description.trim()),
            projects::sample.eq(sample),
            projects::created_by.eq(maker),
            projects::created_at.eq(now()),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::conflict("name-taken", "Somebody just made a project of this name. Try again."),
            false => error.into(),
        })?;
    diesel::insert_into(members::table)
        .values((
            members::project_id.eq(&id),
            members::user_id.eq(maker),
            members::role.eq(ProjectRole::Owner.as_str()),
            members::since.eq(now()),
        ))
        .execute(connection)?;
    Ok(projects::table.find(&id).select(ProjectRow::as_select()).first(connection)?)
}

/// The projects that the caller may see, by name: all of them with a role that reaches all, else those of
/// which the caller is a member.
pub fn list(
    connection: &mut Connection,
    access: &Access<Organization, ReadOrganization>,
    filter: &api::project::ProjectFilter,
) -> Result<(Vec<Project>, Option<String>)> {
    use schema::{project_members as members, projects};
    let user_id = &access.caller().user.id;
    let organization = access.row();
    let mine = members::project_id.eq(projects::id).and(members::user_id.eq(user_id));
    let mut query = projects::table
        .left_join(members::table.on(mine))
        .filter(projects::organization_id.eq(&organization.id))
        .filter(projects::deleted_at.is_null())
        .order((projects::name, projects::id))
        .select((ProjectRow::as_select(), members::role.nullable(), members::custom_role_id.nullable()))
        .into_boxed();
    query = match Viewer::of(connection, access)?.reachable(Object::Project) {
        Reachable::AllBut(never) => query.filter(projects::id.ne_all(never)),
        Reachable::Only { any, .. } => query.filter(projects::id.eq_any(any)),
    };
    query = match filter.archived.unwrap_or(false) {
        true => query.filter(projects::archived_at.is_not_null()),
        false => query.filter(projects::archived_at.is_null()),
    };
    let rows: Vec<(ProjectRow, Option<String>, Option<String>)> = query.load(connection)?;
    let needle = filter.search.as_deref().unwrap_or_default().trim().to_lowercase();
    let after = filter.cursor.as_deref().unwrap_or_default();
    let mut found = rows
        .into_iter()
        .filter(|(row, ..)| {
            needle.is_empty()
                || row.name.to_lowercase().contains(&needle)
                || row.description.to_lowercase().contains(&needle)
        })
        .skip_while(|(row, ..)| !after.is_empty() && row.id != after)
        .skip(usize::from(!after.is_empty()));
    let part: Vec<Project> = found
        .by_ref()
        .take(PAGE)
        .map(|(row, role, custom_role)| Project {
            organization: organization.clone(),
            row,
            member_role: role.and_then(|role| role.parse().ok()),
            custom_role,
        })
        .collect();
    let next = found.next().and_then(|_| part.last().map(|last| last.row.id.clone()));
    Ok((part, next))
}

/// How many members and running sessions each project has.
pub fn counts(connection: &mut Connection, projects: &[Project]) -> Result<Vec<(i64, i64)>> {
    use diesel::dsl::count_star;
    use schema::{project_members as members, workload_status as status, workloads};
    let ids: Vec<&str> = projects.iter().map(|project| project.row.id.as_str()).collect();
    let member_counts: Vec<(String, i64)> = members::table
        .filter(members::project_id.eq_any(&ids))
        .group_by(members::project_id)
        .select((members::project_id, count_star()))
        .load(connection)?;
    let running: Vec<(String, i64)> = workloads::table
        .inner_join(status::table)
        .filter(workloads::project_id.eq_any(&ids))
        .filter(status::state.eq(api::session::SessionState::Running.as_str()))
        .group_by(workloads::project_id)
        .select((workloads::project_id, count_star()))
        .load(connection)?;
    let of = |counts: &[(String, i64)], id: &str| counts.iter().find(|(i, _)| i == id).map_or(0, |(_, n)| *n);
    Ok(ids.iter().map(|id| (of(&member_counts, id), of(&running, id))).collect())
}

pub fn update(
    connection: &mut Connection,
    access: &Access<Project, UpdateProject>,
    change: &api::project::UpdateProject,
) -> Result<()> {
    use schema::projects;
    let id = &access.row().row.id;
    if let Some(name) = &change.name {
        diesel::update(projects::table.find(id)).set(projects::name.eq(name.trim())).execute(connection)?;
    }
    if let Some(text) = &change.description {
        diesel::update(projects::table.find(id))
            .set(projects::description.eq(text.trim()))
            .execute(connection)?;
    }
    if let Some(archived) = change.archived {
        diesel::update(projects::table.find(id))
            .set(projects::archived_at.eq(archived.then(now)))
            .execute(connection)?;
    }
    Ok(())
}

/// The row stays for the bill; nobody reaches it any more, the word in its address becomes free, and what
/// runs in it stops.
pub fn delete(connection: &mut Connection, access: &Access<Project, DeleteProject>) -> Result<()> {
    use schema::projects;
    let row = &access.row().row;
    diesel::update(projects::table.find(&row.id))
        .set((projects::deleted_at.eq(now()), projects::slug.eq(format!("{}~{}", row.slug, row.id))))
        .execute(connection)?;
    request::delete_all_of_project(connection, &row.id)?;
    Ok(())
}

/// The project as it is now, after a change.
pub fn reload<P: Permission>(connection: &mut Connection, access: &Access<Project, P>) -> Result<Project> {
    use schema::projects;
    let before = access.row();
    let row = projects::table.find(&before.row.id).select(ProjectRow::as_select()).first(connection)?;
    Ok(Project { row, ..before.clone() })
}
