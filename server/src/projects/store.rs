//! Rows of projects.

use super::resource::{Project, ProjectRow};
use crate::access::{
    Access, CreateProject, DeleteProject, Permission, Reachable, ReadOrganization, UpdateProject, Viewer,
};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::part::{by_name, matches, part};
use crate::http::version::IfMatch;
use crate::organizations::Organization;
use crate::slug::slug;
use crate::workloads::request;
use atelier_api as api;
use atelier_api::role::{Object, ProjectRole};
use diesel::prelude::*;

/// Names of an organization whose slug is already taken are tried with numbers up to this.
const SLUG_ATTEMPTS: u32 = 100;

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
    use schema::projects;
    let organization = access.row();
    let viewer = Viewer::of(connection, access)?;
    let mut query = projects::table
        .filter(projects::organization_id.eq(&organization.id))
        .filter(projects::deleted_at.is_null())
        .select(ProjectRow::as_select())
        .into_boxed();
    query = match viewer.reachable(Object::Project) {
        Reachable::AllBut(never) => query.filter(projects::id.ne_all(never)),
        Reachable::Only { any, .. } => query.filter(projects::id.eq_any(any)),
    };
    query = match filter.archived.unwrap_or(false) {
        true => query.filter(projects::archived_at.is_not_null()),
        false => query.filter(projects::archived_at.is_null()),
    };
    let mut rows: Vec<ProjectRow> = query.load(connection)?;
    rows.retain(|row| matches(filter.search.as_deref(), &[&row.name, &row.description]));
    let (rows, next) = part(rows, |row| by_name(&row.name, &row.id), filter.cursor.as_deref())?;
    let projects = rows.into_iter().map(|row| Project {
        organization: organization.clone(),
        held: viewer.roles_in(&row.id).to_vec(),
        row,
    });
    Ok((projects.collect(), next))
}

pub fn update(
    connection: &mut Connection,
    access: &Access<Project, UpdateProject>,
    if_match: &IfMatch,
    change: &api::project::UpdateProject,
) -> Result<()> {
    use schema::projects;
    let id = &access.row().row.id;
    if_match.change(connection, Object::Project, id, &access.caller().user.id)?;
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
/// runs in it stops. Call it in `Db::admit`, so that nothing starts in it at the same moment.
pub fn delete(
    connection: &mut Connection,
    access: &Access<Project, DeleteProject>,
    if_match: &IfMatch,
) -> Result<()> {
    use schema::projects;
    let row = &access.row().row;
    if_match.change(connection, Object::Project, &row.id, &access.caller().user.id)?;
    let deleted = diesel::update(projects::table.find(&row.id).filter(projects::deleted_at.is_null()))
        .set((projects::deleted_at.eq(now()), projects::slug.eq(format!("{}~{}", row.slug, row.id))))
        .execute(connection)?;
    if deleted == 0 {
        return Err(Error::not_found());
    }
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
