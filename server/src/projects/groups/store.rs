//! Rows of the groups in a project. What holds for members holds for them.

use super::resource::ProjectGroup;
use crate::access::{Access, CreateMember, DeleteMember, HeldRole, Permission, ReadMember, UpdateMember};
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::part::{by_name, matches};
use crate::http::version::{IfMatch, Versions};
use crate::projects::members::{CANDIDATES, asked, keeps_an_owner, opens, version_id, within_reach};
use crate::projects::{Project, Revoked};
use atelier_api::custom_role::CustomRoleName;
use atelier_api::group::{AddProjectGroup, GroupCandidate, ProjectGroup as Shown};
use atelier_api::member::UpdateMember as Change;
use atelier_api::role::{Object, ProjectRole};
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

/// The groups in the project, by name.
pub(super) fn list(connection: &mut Connection, access: &Access<Project, ReadMember>) -> Result<Vec<Shown>> {
    let mut groups = load(connection, access.row(), None)?;
    groups.sort_by_cached_key(|group| by_name(&group.name, &group.group));
    Ok(groups)
}

fn load(connection: &mut Connection, project: &Project, group: Option<&str>) -> Result<Vec<Shown>> {
    use schema::{custom_roles, groups, project_groups as members};
    type Row = ((String, String), String, Option<(String, String)>, i64);
    let mut query = members::table
        .inner_join(groups::table)
        .left_join(custom_roles::table)
        .filter(members::project_id.eq(&project.row.id))
        .select((
            (groups::id, groups::name),
            members::role,
            (custom_roles::id, custom_roles::name).nullable(),
            members::since,
        ))
        .into_boxed();
    if let Some(group) = group {
        query = query.filter(members::group_id.eq(group));
    }
    let rows: Vec<Row> = query.load(connection)?;
    let ids: Vec<&str> = rows.iter().map(|((id, _), ..)| id.as_str()).collect();
    let people = enabled_people(connection, project, &ids)?;
    let keys = ids.iter().map(|id| version_id(project, id));
    let versions = Versions::load(connection, Object::Member, keys)?;
    let to_api = |((group, name), role, custom, since): Row| Shown {
        people: people.get(&group).copied().unwrap_or_default(),
        version: versions.of(&version_id(project, &group)),
        group,
        name,
        role: role.parse().unwrap_or(ProjectRole::Consumer),
        custom_role: custom.map(|(id, name)| CustomRoleName { id, name }),
        since,
    };
    Ok(rows.into_iter().map(to_api).collect())
}

/// How many people of each group are not disabled.
fn enabled_people(
    connection: &mut Connection,
    project: &Project,
    groups: &[&str],
) -> Result<HashMap<String, i64>> {
    use schema::{group_members as members, organization_members as people};
    let enabled = people::user_id
        .eq(members::user_id)
        .and(people::organization_id.eq(&project.organization.id))
        .and(people::disabled_at.is_null());
    let counts: Vec<(String, i64)> = members::table
        .inner_join(people::table.on(enabled))
        .filter(members::group_id.eq_any(groups))
        .group_by(members::group_id)
        .select((members::group_id, count_star()))
        .load(connection)?;
    Ok(counts.into_iter().collect())
}

fn one(connection: &mut Connection, project: &Project, group: &str) -> Result<Shown> {
    load(connection, project, Some(group))?.pop().ok_or_else(Error::not_found)
}

/// Groups of the organization that could be given a role here, by name.
pub(super) fn candidates(
    connection: &mut Connection,
    access: &Access<Project, CreateMember>,
    search: Option<&str>,
) -> Result<Vec<GroupCandidate>> {
    use schema::{groups, project_groups as members};
    let project = access.row();
    let already = members::table.filter(members::project_id.eq(&project.row.id)).select(members::group_id);
    let mut rows: Vec<(String, String, String)> = groups::table
        .filter(groups::organization_id.eq(&project.organization.id))
        .filter(groups::id.ne_all(already))
        .select((groups::id, groups::name, groups::description))
        .load(connection)?;
    rows.retain(|(_, name, description)| matches(search, &[name, description]));
    rows.sort_by_cached_key(|(id, name, _)| by_name(name, id));
    rows.truncate(CANDIDATES);
    let ids: Vec<&str> = rows.iter().map(|(id, ..)| id.as_str()).collect();
    let people = enabled_people(connection, project, &ids)?;
    let to_api = |(group, name, description): (String, String, String)| GroupCandidate {
        people: people.get(&group).copied().unwrap_or_default(),
        group,
        name,
        description,
    };
    Ok(rows.into_iter().map(to_api).collect())
}

/// Call it in `Db::admit`.
///
/// # Errors
/// If the group is not of the organization or in the project already, or the role is more than the caller's.
pub(super) fn add(
    connection: &mut Connection,
    access: &Access<Project, CreateMember>,
    new: &AddProjectGroup,
) -> Result<Shown> {
    use schema::{groups, project_groups as members};
    let project = access.row();
    let role = asked(connection, project, new.role, new.custom_role.as_deref())?;
    opens(&role)?;
    within_reach(&role, access, project)?;
    let here = groups::table.find(&new.group).filter(groups::organization_id.eq(&project.organization.id));
    if here.count().get_result::<i64>(connection)? == 0 {
        return Err(Error::invalid_field("group", "is not of this organization"));
    }
    diesel::insert_into(members::table)
        .values((
            members::project_id.eq(&project.row.id),
            members::group_id.eq(&new.group),
            members::role.eq(role.base.as_str()),
            members::custom_role_id.eq(&role.custom),
            members::since.eq(now()),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::conflict("already-member", "This group has a role in the project already."),
            false => error.into(),
        })?;
    one(connection, project, &new.group)
}

/// Gives a group another role; what its people may no longer run stops. Call it in `Db::admit`.
///
/// # Errors
/// If the old or the new role is more than the caller's, or the project would be left without an owner.
pub(super) fn update(
    connection: &mut Connection,
    access: &Access<ProjectGroup, UpdateMember>,
    if_match: &IfMatch,
    change: &Change,
) -> Result<(Shown, Revoked)> {
    use schema::project_groups as members;
    let ProjectGroup { project, row: group } = access.row();
    count(connection, access, if_match)?;
    let role = asked(connection, project, change.role, change.custom_role.as_deref())?;
    opens(&role)?;
    within_reach(&role, access, project)?;
    let before = current(connection, access)?;
    diesel::update(members::table.find((&project.row.id, group)))
        .set((members::role.eq(role.base.as_str()), members::custom_role_id.eq(&role.custom)))
        .execute(connection)?;
    if before.is_some_and(|before| before.is_owner()) && !role.is_owner() {
        keeps_an_owner(connection, access, project)?;
    }
    let revoked = ended(connection, access)?;
    Ok((one(connection, project, group)?, revoked))
}

/// Takes a group out of the project; what its people may no longer run stops. Call it in `Db::admit`.
///
/// # Errors
/// If the group's role is more than the caller's, or the project would be left without an owner.
pub(super) fn remove(
    connection: &mut Connection,
    access: &Access<ProjectGroup, DeleteMember>,
    if_match: &IfMatch,
) -> Result<Revoked> {
    use schema::project_groups as members;
    let ProjectGroup { project, row: group } = access.row();
    count(connection, access, if_match)?;
    let before = current(connection, access)?;
    diesel::delete(members::table.find((&project.row.id, group))).execute(connection)?;
    if before.is_some_and(|before| before.is_owner()) {
        keeps_an_owner(connection, access, project)?;
    }
    ended(connection, access)
}

fn count<P: Permission>(
    connection: &mut Connection,
    access: &Access<ProjectGroup, P>,
    if_match: &IfMatch,
) -> Result<()> {
    let ProjectGroup { project, row: group } = access.row();
    let id = version_id(project, group);
    if_match.change(connection, Object::Member, &id, &access.caller().user.id).map(drop)
}

/// The role that the group has now, which the caller may take.
fn current<P: Permission>(
    connection: &mut Connection,
    access: &Access<ProjectGroup, P>,
) -> Result<Option<HeldRole>> {
    use schema::project_groups as members;
    let ProjectGroup { project, row: group } = access.row();
    let (base, custom): (String, Option<String>) = members::table
        .find((&project.row.id, group))
        .select((members::role, members::custom_role_id))
        .first(connection)?;
    let role = HeldRole::from_row(&base, custom);
    role.as_ref().map_or(Ok(()), |role| within_reach(role, access, project))?;
    Ok(role)
}

fn ended<P: Permission>(connection: &mut Connection, access: &Access<ProjectGroup, P>) -> Result<Revoked> {
    let Project { organization, row, .. } = &access.row().project;
    Revoked::where_ended(connection, access.policy(), &organization.id, std::slice::from_ref(&row.id))
}
