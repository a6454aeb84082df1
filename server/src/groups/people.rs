//! Rows of a group's people.

use super::resource::Group;
use super::store::project_ids;
use crate::access::{Access, Permission, ReadGroup, UpdateGroup};
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::part::by_name;
use crate::projects::Revoked;
use atelier_api::group::GroupPerson;
use diesel::prelude::*;

/// Everybody in the group, by name.
pub(super) fn list(
    connection: &mut Connection,
    access: &Access<Group, ReadGroup>,
) -> Result<Vec<GroupPerson>> {
    let mut people = load(connection, access, None)?;
    people.sort_by_cached_key(|person| by_name(&person.name, &person.person));
    Ok(people)
}

fn load<P: Permission>(
    connection: &mut Connection,
    access: &Access<Group, P>,
    person: Option<&str>,
) -> Result<Vec<GroupPerson>> {
    use schema::{group_members as members, organization_members as people, users};
    let Group { organization, id, .. } = access.row();
    let here = people::user_id.eq(members::user_id).and(people::organization_id.eq(&organization.id));
    let mut query = members::table
        .inner_join(users::table)
        .inner_join(people::table.on(here))
        .filter(members::group_id.eq(id))
        .select(((users::id, users::name, users::email), people::disabled_at, members::since))
        .into_boxed();
    if let Some(person) = person {
        query = query.filter(members::user_id.eq(person));
    }
    type Row = ((String, String, String), Option<i64>, i64);
    let to_api = |((person, name, email), disabled_at, since): Row| GroupPerson {
        person,
        name,
        email,
        disabled: disabled_at.is_some(),
        since,
    };
    Ok(query.load(connection)?.into_iter().map(to_api).collect())
}

/// Puts somebody of the organization into the group. Call it in `Db::admit`. Returns also the projects that
/// the group is in.
///
/// # Errors
/// If the person is not of the organization, or in the group already.
pub(super) fn add(
    connection: &mut Connection,
    access: &Access<Group, UpdateGroup>,
    person: &str,
) -> Result<(GroupPerson, Vec<String>)> {
    use schema::{group_members as members, organization_members as people};
    let Group { organization, id, .. } = access.row();
    let here: i64 = people::table.find((&organization.id, person)).count().get_result(connection)?;
    if here == 0 {
        return Err(Error::invalid_field("person", "is not of this organization"));
    }
    diesel::insert_into(members::table)
        .values((members::group_id.eq(id), members::user_id.eq(person), members::since.eq(now())))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::conflict("already-in-group", "This person is in the group already."),
            false => error.into(),
        })?;
    let added = load(connection, access, Some(person))?.pop().ok_or_else(Error::not_found)?;
    Ok((added, project_ids(connection, access)?))
}

/// Takes somebody out of the group; what he or she may no longer run stops. Call it in `Db::admit`. Returns
/// also the projects that the group is in.
///
/// # Errors
/// If the person is not in the group.
pub(super) fn remove(
    connection: &mut Connection,
    access: &Access<Group, UpdateGroup>,
    person: &str,
) -> Result<(Revoked, Vec<String>)> {
    use schema::group_members as members;
    let Group { organization, id, .. } = access.row();
    if diesel::delete(members::table.find((id, person))).execute(connection)? == 0 {
        return Err(Error::not_found());
    }
    let projects = project_ids(connection, access)?;
    let revoked = Revoked::where_ended(connection, access.policy(), &organization.id, &projects)?;
    Ok((revoked, projects))
}
