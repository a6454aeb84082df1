//! Rows of an organization's people.

use super::administrators;
use super::resource::{MembershipRow, Person, PersonRow};
use crate::access::{Access, DeletePerson, ReadPerson, UpdatePerson, User};
use crate::accounts::{links, sign_ins, users};
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use crate::http::part::{by_name, matches, part};
use crate::http::version::{IfMatch, Versions};
use crate::organizations::Organization;
use crate::projects::Revoked;
use crate::tokens;
use crate::workloads::request;
use atelier_api::person::UpdatePerson as Change;
use atelier_api::role::{Object, OrganizationRole};
use diesel::dsl::max;
use diesel::prelude::*;
use std::collections::HashMap;

/// A part of the people, by name.
pub(super) fn list(
    connection: &mut Connection,
    access: &Access<Organization, ReadPerson>,
    search: Option<&str>,
    cursor: Option<&str>,
) -> Result<(Vec<PersonRow>, Option<String>)> {
    use schema::{organization_members as members, users};
    let mut people: Vec<PersonRow> = members::table
        .inner_join(users::table)
        .filter(members::organization_id.eq(&access.row().id))
        .select(PersonRow::as_select())
        .load(connection)?;
    people.retain(|person| matches(search, &[&person.name, &person.email]));
    part(people, |person| by_name(&person.name, &person.id), cursor)
}

/// Under which the version of somebody's place in an organization is counted.
fn version_id(person: &Person) -> String {
    format!("{}/{}", person.organization.id, person.row.id)
}

/// The versions of people's places in an organization, in their order.
pub(super) fn versions(
    connection: &mut Connection,
    organization: &Organization,
    people: &[PersonRow],
) -> Result<Vec<i64>> {
    let ids: Vec<String> = people.iter().map(|row| format!("{}/{}", organization.id, row.id)).collect();
    let versions = Versions::load(connection, Object::Person, ids.clone())?;
    Ok(ids.iter().map(|id| versions.of(id)).collect())
}

/// When people were last seen in a browser that is still signed in.
pub(super) fn last_seen(connection: &mut Connection, people: &[PersonRow]) -> Result<HashMap<String, i64>> {
    use schema::sign_ins;
    let ids = people.iter().map(|person| &person.id);
    let seen: Vec<(String, Option<i64>)> = sign_ins::table
        .filter(sign_ins::user_id.eq_any(ids))
        .group_by(sign_ins::user_id)
        .select((sign_ins::user_id, max(sign_ins::last_seen_at)))
        .load(connection)?;
    Ok(seen.into_iter().filter_map(|(id, at)| Some((id, at?))).collect())
}

/// Changes role, limits and whether the person is disabled. Call it in `Db::admit`.
///
/// # Errors
/// If the organization would be left without an administrator.
pub(super) fn update(
    connection: &mut Connection,
    access: &Access<Person, UpdatePerson>,
    if_match: &IfMatch,
    change: &Change,
) -> Result<(PersonRow, Revoked)> {
    use schema::organization_members as members;
    let person = access.row();
    if_match.change(connection, Object::Person, &version_id(person), &access.caller().user.id)?;
    let row = members::table.find((&person.organization.id, &person.row.id));
    let before: MembershipRow = row.select(MembershipRow::as_select()).first(connection)?;
    let role = change.role.map_or(before.role.as_str(), |role| role.as_str());
    let disabled_at = match change.disabled {
        Some(true) => before.disabled_at.or_else(|| Some(now())),
        Some(false) => None,
        None => before.disabled_at,
    };
    if is_administrator(&before.role, before.disabled_at) && !is_administrator(role, disabled_at) {
        administrators::step_down(connection, person)?;
    }
    diesel::update(row)
        .set((members::role.eq(role), members::disabled_at.eq(disabled_at)))
        .execute(connection)?;
    if let Some(limits) = change.limits {
        diesel::update(row)
            .set((
                members::sessions_at_once.eq(limits.sessions_at_once),
                members::monthly_limit_micros.eq(limits.monthly.map(|micros| micros.0)),
            ))
            .execute(connection)?;
    }
    let revoked = match disabled_at {
        Some(_) => shut_out(connection, person)?,
        None => Revoked::default(),
    };
    let membership = row.select(MembershipRow::as_select()).first(connection)?;
    Ok((PersonRow { membership, ..person.row.clone() }, revoked))
}

/// Takes a person out of the organization with its projects and groups, and what he or she has there: what
/// runs stops, and sessions and folders go. The bill stays. Call it in `Db::admit`.
/// Returns also the projects that he or she was in.
///
/// # Errors
/// If the organization would be left without an administrator.
pub(super) fn remove(
    connection: &mut Connection,
    access: &Access<Person, DeletePerson>,
    if_match: &IfMatch,
) -> Result<(Revoked, Vec<String>)> {
    use schema::{
        grants, group_members, groups, organization_members as members, project_members, project_roles,
        projects,
    };
    let person = access.row();
    let organization_id = &person.organization.id;
    if_match.change(connection, Object::Person, &version_id(person), &access.caller().user.id)?;
    let row = members::table.find((&person.organization.id, &person.row.id));
    let before: MembershipRow = row.select(MembershipRow::as_select()).first(connection)?;
    if is_administrator(&before.role, before.disabled_at) {
        administrators::step_down(connection, person)?;
    }
    let in_projects: Vec<String> = project_roles::table
        .inner_join(projects::table)
        .filter(projects::organization_id.eq(organization_id))
        .filter(project_roles::user_id.eq(&person.row.id))
        .select(projects::id)
        .distinct()
        .load(connection)?;
    let theirs = project_members::table
        .filter(project_members::user_id.eq(&person.row.id))
        .filter(project_members::project_id.eq_any(&in_projects));
    diesel::delete(theirs).execute(connection)?;
    let here = groups::table.filter(groups::organization_id.eq(organization_id)).select(groups::id);
    let in_groups = group_members::table
        .filter(group_members::user_id.eq(&person.row.id))
        .filter(group_members::group_id.eq_any(here));
    diesel::delete(in_groups).execute(connection)?;
    let granted = grants::table
        .filter(grants::organization_id.eq(organization_id))
        .filter(grants::user_id.eq(&person.row.id));
    diesel::delete(granted).execute(connection)?;
    diesel::delete(row).execute(connection)?;
    let revoked = shut_out(connection, person)?;
    request::delete_all_of_person(connection, organization_id, &person.row.id)?;
    Ok((revoked, in_projects))
}

fn is_administrator(role: &str, disabled_at: Option<i64>) -> bool {
    role == OrganizationRole::Administrator.as_str() && disabled_at.is_none()
}

/// After a person's membership has ended or is suspended: what runs stops, and so do the sign-ins and
/// access tokens of who has no other organization.
fn shut_out(connection: &mut Connection, person: &Person) -> Result<Revoked> {
    let user = &person.row;
    if !user.operator && !belongs_somewhere(connection, &user.id)? {
        sign_ins::end_all(connection, &user.id, None)?;
        tokens::revoke_all(connection, &user.id)?;
    }
    Revoked::stop(connection, &user.id, &person.organization.id)
}

fn belongs_somewhere(connection: &mut Connection, user_id: &str) -> Result<bool> {
    use schema::organization_members as members;
    let found = members::table
        .filter(members::user_id.eq(user_id))
        .filter(members::disabled_at.is_null())
        .select(members::organization_id)
        .first::<String>(connection)
        .optional()?;
    Ok(found.is_some())
}

/// Makes a password-reset link; returns its token and when it expires. Call it in `Db::admit`.
///
/// # Errors
/// If a program asks: a token must not become a password. If the account is not this organization's alone: its administrator must not take over an account that
/// opens another organization, or the installation.
pub(super) fn reset_password(
    connection: &mut Connection,
    access: &Access<Person, UpdatePerson>,
) -> Result<(String, i64)> {
    use schema::organization_members as members;
    access.caller().sign_in_id()?;
    let Person { organization, row } = access.row();
    let user: User = users::by_id(connection, &row.id)?;
    let memberships: Vec<(String, Option<i64>)> = members::table
        .filter(members::user_id.eq(&row.id))
        .select((members::organization_id, members::disabled_at))
        .load(connection)?;
    let refuse = |code: &str, why: &str| Err(Error::conflict(code, format!("{}{why}", row.name)));
    if !access.caller().user.operator {
        if user.operator {
            return refuse(
                "operator",
                " runs this installation; only another operator can reset the password.",
            );
        }
        if memberships.iter().any(|(id, _)| *id != organization.id) {
            return refuse(
                "account-shared",
                " belongs to another organization too. Ask who runs the installation: \
                 `atelier admin reset-password` makes a link.",
            );
        }
    }
    if !memberships.iter().any(|(id, disabled_at)| *id == organization.id && disabled_at.is_none()) {
        return refuse("disabled", " is disabled. Enable the person first.");
    }
    links::create(connection, links::PASSWORD_RESET, Some(&row.id))
}
