//! Rows of the people who have a role of their own in a project.

use super::resource::ProjectMember;
use super::role::{asked, keeps_an_owner, may_keep_out, within_reach};
use super::version_id;
use crate::access::{Access, CreateMember, DeleteMember, HeldRole, Permission, Resource, UpdateMember};
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::version::IfMatch;
use crate::projects::{Project, Revoked};
use atelier_api::member::{AddMember, UpdateMember as Change};
use atelier_api::role::Object;
use diesel::prelude::*;

/// Gives a person a role; what he or she may no longer run stops. Call it in `Db::admit`.
///
/// # Errors
/// If the person is not of the organization or in the project already, or the role is more than the caller's.
pub(super) fn add(
    connection: &mut Connection,
    access: &Access<Project, CreateMember>,
    new: &AddMember,
) -> Result<Revoked> {
    use schema::{organization_members as people, project_members as members};
    let project = access.row();
    let role = asked(connection, project, new.role, new.custom_role.as_deref())?;
    within_reach(&role, access, project)?;
    if role.keeps_out() {
        may_keep_out(connection, access, project, &new.person)?;
    }
    let enabled = people::table
        .find((&project.organization.id, &new.person))
        .filter(people::disabled_at.is_null())
        .count();
    if enabled.get_result::<i64>(connection)? == 0 {
        return Err(Error::invalid_field("person", "is not of this organization, or is disabled"));
    }
    diesel::insert_into(members::table)
        .values((
            members::project_id.eq(&project.row.id),
            members::user_id.eq(&new.person),
            members::role.eq(role.base.as_str()),
            members::custom_role_id.eq(&role.custom),
            members::since.eq(now()),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::conflict("already-member", "This person is a member of the project already."),
            false => error.into(),
        })?;
    if !role.keeps_out() {
        return Ok(Revoked::default());
    }
    // Who owned the project by a group does no longer.
    keeps_an_owner(connection, access, project)?;
    ended(connection, access, project)
}

/// Gives a member another role; what he or she may no longer run stops. Call it in `Db::admit`.
///
/// # Errors
/// If the old or the new role is more than the caller's, or the project would be left without an owner.
pub(super) fn update(
    connection: &mut Connection,
    access: &Access<ProjectMember, UpdateMember>,
    if_match: &IfMatch,
    change: &Change,
) -> Result<Revoked> {
    use schema::project_members as members;
    let ProjectMember { project, row: person } = access.row();
    count(connection, access, if_match)?;
    let role = asked(connection, project, change.role, change.custom_role.as_deref())?;
    within_reach(&role, access, project)?;
    let before = current(connection, access)?;
    if role.keeps_out() {
        may_keep_out(connection, access, project, person)?;
    }
    diesel::update(members::table.find((&project.row.id, person)))
        .set((members::role.eq(role.base.as_str()), members::custom_role_id.eq(&role.custom)))
        .execute(connection)?;
    if role.keeps_out() || before.is_some_and(|before| before.is_owner()) && !role.is_owner() {
        keeps_an_owner(connection, access, project)?;
    }
    ended(connection, access, project)
}

/// Takes a member's own role in the project away; what he or she may no longer run stops. Call it in
/// `Db::admit`.
///
/// # Errors
/// If the member's role is more than the caller's, or the project would be left without an owner.
pub(super) fn remove(
    connection: &mut Connection,
    access: &Access<ProjectMember, DeleteMember>,
    if_match: &IfMatch,
) -> Result<Revoked> {
    use schema::project_members as members;
    let ProjectMember { project, row: person } = access.row();
    count(connection, access, if_match)?;
    let before = current(connection, access)?;
    diesel::delete(members::table.find((&project.row.id, person))).execute(connection)?;
    if before.is_some_and(|before| before.is_owner()) {
        keeps_an_owner(connection, access, project)?;
    }
    ended(connection, access, project)
}

fn count<P: Permission>(
    connection: &mut Connection,
    access: &Access<ProjectMember, P>,
    if_match: &IfMatch,
) -> Result<()> {
    let ProjectMember { project, row: person } = access.row();
    let id = version_id(project, person);
    if_match.change(connection, Object::Member, &id, &access.caller().user.id).map(drop)
}

/// The role that the member has now, which the caller may take.
fn current<P: Permission>(
    connection: &mut Connection,
    access: &Access<ProjectMember, P>,
) -> Result<Option<HeldRole>> {
    use schema::project_members as members;
    let ProjectMember { project, row: person } = access.row();
    let (base, custom): (String, Option<String>) = members::table
        .find((&project.row.id, person))
        .select((members::role, members::custom_role_id))
        .first(connection)?;
    let role = HeldRole::from_row(&base, custom);
    role.as_ref().map_or(Ok(()), |role| within_reach(role, access, project))?;
    Ok(role)
}

fn ended<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    project: &Project,
) -> Result<Revoked> {
    let Project { organization, row, .. } = project;
    Revoked::where_ended(connection, access.policy(), &organization.id, std::slice::from_ref(&row.id))
}
