//! Rows of groups.

use super::people;
use super::resource::Group;
use crate::access::{Access, CreateGroup, DeleteGroup, Permission, ReadGroup, UpdateGroup};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::part::{by_name, matches, part};
use crate::http::version::{IfMatch, Versions};
use crate::organizations::Organization;
use crate::projects::Revoked;
use atelier_api::custom_role::CustomRoleName;
use atelier_api::group as api;
use atelier_api::role::{Object, ProjectRole};
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::groups)]
struct GroupRow {
    id: String,
    name: String,
    description: String,
    created_at: i64,
}

/// A part of the groups, by name.
pub(super) fn list(
    connection: &mut Connection,
    access: &Access<Organization, ReadGroup>,
    search: Option<&str>,
    cursor: Option<&str>,
) -> Result<(Vec<api::Group>, Option<String>)> {
    use schema::groups;
    let mut rows: Vec<GroupRow> = groups::table
        .filter(groups::organization_id.eq(&access.row().id))
        .select(GroupRow::as_select())
        .load(connection)?;
    rows.retain(|row| matches(search, &[&row.name, &row.description]));
    let (rows, next) = part(rows, |row| by_name(&row.name, &row.id), cursor)?;
    Ok((describe(connection, rows)?, next))
}

pub(super) fn create(
    connection: &mut Connection,
    access: &Access<Organization, CreateGroup>,
    new: &api::SaveGroup,
) -> Result<api::Group> {
    use schema::groups;
    let id = new_id();
    diesel::insert_into(groups::table)
        .values((
            groups::id.eq(&id),
            groups::organization_id.eq(&access.row().id),
            groups::name.eq(new.name.trim()),
            groups::description.eq(new.description.trim()),
            groups::created_at.eq(now()),
        ))
        .execute(connection)
        .map_err(name_taken)?;
    by_id(connection, &id)
}

/// A group with its people, its projects and its sizes.
pub(super) fn detail(
    connection: &mut Connection,
    access: &Access<Group, ReadGroup>,
) -> Result<api::GroupDetail> {
    use schema::{grants, tiers};
    let id = &access.row().id;
    let tiers = tiers::table
        .inner_join(grants::table.on(grants::object_id.eq(tiers::id)))
        .filter(grants::object.eq(Object::Tier.as_str()))
        .filter(grants::effect.eq(atelier_api::grant::GrantEffect::Allow.as_str()))
        .filter(grants::group_id.eq(id))
        .order(tiers::name)
        .select(tiers::name)
        .load(connection)?;
    Ok(api::GroupDetail {
        group: by_id(connection, id)?,
        people: people::list(connection, access)?,
        projects: projects(connection, id)?,
        tiers,
    })
}

fn projects(connection: &mut Connection, id: &str) -> Result<Vec<api::GroupProject>> {
    use schema::{custom_roles, project_groups as members, projects};
    type Row = (String, String, String, Option<(String, String)>);
    let mut rows: Vec<Row> = members::table
        .inner_join(projects::table)
        .left_join(custom_roles::table)
        .filter(members::group_id.eq(id))
        .filter(projects::deleted_at.is_null())
        .select((
            projects::slug,
            projects::name,
            members::role,
            (custom_roles::id, custom_roles::name).nullable(),
        ))
        .load(connection)?;
    rows.sort_by_cached_key(|(slug, name, ..)| by_name(name, slug));
    let to_api = |(slug, name, role, custom): Row| api::GroupProject {
        slug,
        name,
        role: role.parse().unwrap_or(ProjectRole::Consumer),
        custom_role: custom.map(|(id, name)| CustomRoleName { id, name }),
    };
    Ok(rows.into_iter().map(to_api).collect())
}

pub(super) fn update(
    connection: &mut Connection,
    access: &Access<Group, UpdateGroup>,
    if_match: &IfMatch,
    change: &api::SaveGroup,
) -> Result<api::Group> {
    use schema::groups;
    let id = &access.row().id;
    if_match.change(connection, Object::Group, id, &access.caller().user.id)?;
    diesel::update(groups::table.find(id))
        .set((groups::name.eq(change.name.trim()), groups::description.eq(change.description.trim())))
        .execute(connection)
        .map_err(name_taken)?;
    by_id(connection, id)
}

/// Deletes a group with all that it gives; what its people may no longer run stops. Call it in `Db::admit`.
/// Returns also the projects that it was in.
pub(super) fn delete(
    connection: &mut Connection,
    access: &Access<Group, DeleteGroup>,
    if_match: &IfMatch,
) -> Result<(Revoked, Vec<String>)> {
    use schema::{grants, group_members, groups, project_groups};
    let Group { organization, id, .. } = access.row();
    if_match.change(connection, Object::Group, id, &access.caller().user.id)?;
    let projects = project_ids(connection, access)?;
    diesel::delete(project_groups::table.filter(project_groups::group_id.eq(id))).execute(connection)?;
    diesel::delete(group_members::table.filter(group_members::group_id.eq(id))).execute(connection)?;
    diesel::delete(grants::table.filter(grants::group_id.eq(id))).execute(connection)?;
    diesel::delete(groups::table.find(id)).execute(connection)?;
    let revoked = Revoked::where_ended(connection, access.policy(), &organization.id, &projects)?;
    Ok((revoked, projects))
}

/// The projects that a group is in.
pub(super) fn project_ids<P: Permission>(
    connection: &mut Connection,
    access: &Access<Group, P>,
) -> Result<Vec<String>> {
    use schema::project_groups as members;
    let of_group = members::table.filter(members::group_id.eq(&access.row().id));
    Ok(of_group.select(members::project_id).load(connection)?)
}

/// The group's name as it is now, to be typed by who deletes it.
pub(super) fn name(connection: &mut Connection, access: &Access<Group, DeleteGroup>) -> Result<String> {
    Ok(by_id(connection, &access.row().id)?.name)
}

fn by_id(connection: &mut Connection, id: &str) -> Result<api::Group> {
    use schema::groups;
    let row = groups::table.find(id).select(GroupRow::as_select()).first(connection)?;
    describe(connection, vec![row])?.pop().ok_or_else(Error::not_found)
}

fn describe(connection: &mut Connection, rows: Vec<GroupRow>) -> Result<Vec<api::Group>> {
    use schema::{group_members, project_groups, projects};
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let people: HashMap<String, i64> = group_members::table
        .filter(group_members::group_id.eq_any(&ids))
        .group_by(group_members::group_id)
        .select((group_members::group_id, count_star()))
        .load::<(String, i64)>(connection)?
        .into_iter()
        .collect();
    let in_projects: HashMap<String, i64> = project_groups::table
        .inner_join(projects::table)
        .filter(project_groups::group_id.eq_any(&ids))
        .filter(projects::deleted_at.is_null())
        .group_by(project_groups::group_id)
        .select((project_groups::group_id, count_star()))
        .load::<(String, i64)>(connection)?
        .into_iter()
        .collect();
    let versions = Versions::load(connection, Object::Group, ids)?;
    let to_api = |row: GroupRow| api::Group {
        people: people.get(&row.id).copied().unwrap_or_default(),
        projects: in_projects.get(&row.id).copied().unwrap_or_default(),
        version: versions.of(&row.id),
        id: row.id,
        name: row.name,
        description: row.description,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(to_api).collect())
}

fn name_taken(error: diesel::result::Error) -> Error {
    match is_unique_violation(&error) {
        true => Error::invalid_field("name", "is the name of another group; choose another"),
        false => error.into(),
    }
}
