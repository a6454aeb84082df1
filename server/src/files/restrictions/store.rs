//! Rows of restricted paths.

use crate::access::{Access, GrantsOn, ReadFiles, UpdateFiles};
use crate::data::{Hidden, Holds};
use crate::db::{Connection, new_id, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::files::ProjectFiles;
use crate::grants::{self, On};
use crate::http::version::IfMatch;
use crate::trees::writable;
use atelier_api::grant::SetGrants;
use atelier_api::restriction::{CreateRestriction, Restriction};
use atelier_api::role::{Action, Object};
use atelier_policies::{Policy, RoleName};
use atelier_store::TreePath;
use diesel::prelude::*;
use schema::restricted_paths as paths;

/// Paths in one project: each request for its files looks through all of them.
const MOST: i64 = 200;

/// What this person may not read of a project's files. Whoever says who may, reads all.
pub(in crate::files) fn hidden(
    connection: &mut Connection,
    project_id: &str,
    user_id: &str,
    (policy, roles): (&Policy, &[RoleName]),
) -> Result<Hidden> {
    if policy.decide(roles, Object::File, Action::Update, false) {
        return Ok(Hidden::default());
    }
    let restricted: Vec<(String, String)> = paths::table
        .filter(paths::project_id.eq(project_id))
        .select((paths::id, paths::path))
        .load(connection)?;
    if restricted.is_empty() {
        return Ok(Hidden::default());
    }
    let ids = restricted.iter().map(|(id, _)| id.as_str());
    let said = GrantsOn::load(connection, Object::File, ids, user_id, roles)?;
    let may = |id: &str| policy.decide_on(roles, said.of(id), Object::File, Action::Read, false);
    Ok(Hidden::new(restricted.iter().filter(|(id, _)| !may(id)).map(|(_, path)| path.clone())))
}

/// Those that the caller may read, by path; by name who may, if the caller may know who is here.
pub(super) fn list(
    connection: &mut Connection,
    access: &Access<ProjectFiles, ReadFiles>,
) -> Result<Vec<Restriction>> {
    let project = &access.row().project;
    let restricted: Vec<(String, String)> = paths::table
        .filter(paths::project_id.eq(&project.row.id))
        .order(paths::path)
        .select((paths::id, paths::path))
        .load(connection)?;
    let hidden = access.row().hidden();
    let readable: Vec<_> = restricted.into_iter().filter(|(_, path)| !hidden.covers(path)).collect();
    let ids: Vec<&str> = readable.iter().map(|(id, _)| id.as_str()).collect();
    let mut readers = grants::describe_all(connection, Object::File, Action::Read, &ids)?;
    if !access.may(Object::Member, Action::Read, false) {
        readers.iter_mut().flat_map(|said| [&mut said.allow, &mut said.deny]).for_each(Vec::clear);
    }
    let described = readable.into_iter().zip(readers);
    Ok(described.map(|((id, path), readers)| Restriction { id, path, readers }).collect())
}

/// # Errors
/// If the path is restricted already, or too many are.
pub(super) fn create(
    connection: &mut Connection,
    access: &Access<ProjectFiles, UpdateFiles>,
    wanted: &CreateRestriction,
) -> Result<Restriction> {
    let path = TreePath::new(&wanted.path)?.to_string();
    writable(connection, access.row())?;
    let project = &access.row().project;
    let count: i64 =
        paths::table.filter(paths::project_id.eq(&project.row.id)).count().get_result(connection)?;
    if count >= MOST {
        let detail =
            format!("{count} files and folders are restricted already. Restrict a folder that they are in.");
        return Err(Error::conflict("too-many-restrictions", detail));
    }
    let id = new_id();
    diesel::insert_into(paths::table)
        .values((paths::id.eq(&id), paths::project_id.eq(&project.row.id), paths::path.eq(&path)))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::conflict("restricted-already", "Who may read this is said already. Change that."),
            false => error.into(),
        })?;
    let whichever = IfMatch::default();
    grants::replace(connection, access, &whichever, reading(&project.organization.id, &id), &wanted.readers)?;
    described(connection, &project.organization.id, id, path)
}

/// Says anew who may read it.
pub(super) fn update(
    connection: &mut Connection,
    access: &Access<ProjectFiles, UpdateFiles>,
    id: &str,
    if_match: &IfMatch,
    readers: &SetGrants,
) -> Result<Restriction> {
    let path = path(connection, access, id)?;
    writable(connection, access.row())?;
    let organization_id = &access.row().project.organization.id;
    grants::replace(connection, access, if_match, reading(organization_id, id), readers)?;
    described(connection, organization_id, id.to_owned(), path)
}

pub(super) fn delete(
    connection: &mut Connection,
    access: &Access<ProjectFiles, UpdateFiles>,
    id: &str,
    if_match: &IfMatch,
) -> Result<()> {
    path(connection, access, id)?;
    writable(connection, access.row())?;
    if_match.change(connection, Object::File, id, &access.caller().user.id)?;
    grants::remove(connection, reading(&access.row().project.organization.id, id))?;
    diesel::delete(paths::table.find(id)).execute(connection)?;
    Ok(())
}

/// Who may not read a file may not read either what is kept of it under another name.
pub(in crate::files) fn repeat(
    connection: &mut Connection,
    project_id: &str,
    path: &str,
    name: &str,
) -> Result<()> {
    let here = paths::table.filter(paths::project_id.eq(project_id)).filter(paths::path.eq(path));
    let Some(id) = here.select(paths::id).first::<String>(connection).optional()? else { return Ok(()) };
    let new = new_id();
    diesel::insert_into(paths::table)
        .values((paths::id.eq(&new), paths::project_id.eq(project_id), paths::path.eq(name)))
        .execute(connection)?;
    grants::repeat(connection, Object::File, &id, &new)
}

/// Of a project whose files are gone. Acts for nobody.
pub fn forget(connection: &mut Connection, project_id: &str) -> Result<()> {
    let here = paths::table.filter(paths::project_id.eq(project_id));
    let ids: Vec<String> = here.select(paths::id).load(connection)?;
    for id in &ids {
        grants::forget(connection, Object::File, id)?;
    }
    diesel::delete(here).execute(connection)?;
    Ok(())
}

fn path(connection: &mut Connection, access: &Access<ProjectFiles, UpdateFiles>, id: &str) -> Result<String> {
    let here = paths::table.find(id).filter(paths::project_id.eq(&access.row().project.row.id));
    here.select(paths::path).first(connection).optional()?.ok_or_else(Error::not_found)
}

fn described(
    connection: &mut Connection,
    organization_id: &str,
    id: String,
    path: String,
) -> Result<Restriction> {
    let readers = grants::describe(connection, reading(organization_id, &id))?;
    Ok(Restriction { id, path, readers })
}

fn reading<'a>(organization_id: &'a str, id: &'a str) -> On<'a> {
    On { organization_id, object: Object::File, id, action: Action::Read, takes_roles: true }
}
