//! Rows of a project's members.

use super::resource::ProjectMember;
use super::role::{GivenRole, by_organization_role};
use crate::access::{Access, CreateMember, DeleteMember, Permission, ReadMember, UpdateMember};
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::part::{by_name, matches};
use crate::projects::{Project, Revoked};
use atelier_api::custom_role::CustomRoleName;
use atelier_api::member::{AddMember, Candidate, Member};
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_policies::RoleName;
use diesel::prelude::*;

/// As many candidates as one looks at before typing more.
const CANDIDATES: usize = 20;

/// Everybody in the project, by name.
pub(super) fn list(connection: &mut Connection, access: &Access<Project, ReadMember>) -> Result<Vec<Member>> {
    let mut members = load(connection, &access.row().row.id, None)?;
    members.sort_by_cached_key(|member| by_name(&member.name, &member.person));
    Ok(members)
}

fn load(connection: &mut Connection, project_id: &str, person: Option<&str>) -> Result<Vec<Member>> {
    use schema::{custom_roles, project_members as members, users};
    type Row = ((String, String, String), String, Option<(String, String)>, i64);
    let mut query = members::table
        .inner_join(users::table)
        .left_join(custom_roles::table)
        .filter(members::project_id.eq(project_id))
        .select((
            (users::id, users::name, users::email),
            members::role,
            (custom_roles::id, custom_roles::name).nullable(),
            members::since,
        ))
        .into_boxed();
    if let Some(person) = person {
        query = query.filter(members::user_id.eq(person));
    }
    let rows: Vec<Row> = query.load(connection)?;
    let to_api = |((person, name, email), role, custom, since): Row| Member {
        person,
        name,
        email,
        role: role.parse().unwrap_or(ProjectRole::Consumer),
        custom_role: custom.map(|(id, name)| CustomRoleName { id, name }),
        since,
    };
    Ok(rows.into_iter().map(to_api).collect())
}

fn one(connection: &mut Connection, project_id: &str, person: &str) -> Result<Member> {
    load(connection, project_id, Some(person))?.pop().ok_or_else(Error::not_found)
}

/// People of the organization who could become members, by name.
pub(super) fn candidates(
    connection: &mut Connection,
    access: &Access<Project, CreateMember>,
    search: Option<&str>,
) -> Result<Vec<Candidate>> {
    use schema::{organization_members as people, project_members as members, users};
    let project = access.row();
    let already = members::table.filter(members::project_id.eq(&project.row.id)).select(members::user_id);
    let rows: Vec<(String, String, String)> = people::table
        .inner_join(users::table)
        .filter(people::organization_id.eq(&project.organization.id))
        .filter(people::disabled_at.is_null())
        .filter(people::user_id.ne_all(already))
        .select((users::id, users::name, users::email))
        .load(connection)?;
    let mut found: Vec<Candidate> = rows
        .into_iter()
        .filter(|(_, name, email)| matches(search, &[name, email]))
        .map(|(person, name, email)| Candidate { person, name, email })
        .collect();
    found.sort_by_cached_key(|candidate| by_name(&candidate.name, &candidate.person));
    found.truncate(CANDIDATES);
    Ok(found)
}

/// Call it in `Db::admit`.
///
/// # Errors
/// If the person is not of the organization or in the project already, or the role is more than the caller's.
pub(super) fn add(
    connection: &mut Connection,
    access: &Access<Project, CreateMember>,
    new: &AddMember,
) -> Result<Member> {
    use schema::project_members as members;
    let project = access.row();
    let role = GivenRole::asked(connection, project, new.role, new.custom_role.as_deref())?;
    role.within_reach(access, project)?;
    if organization_role(connection, project, &new.person)?.is_none() {
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
    one(connection, &project.row.id, &new.person)
}

/// The person's role in the organization, if he or she is enabled there.
fn organization_role(
    connection: &mut Connection,
    project: &Project,
    person: &str,
) -> Result<Option<OrganizationRole>> {
    use schema::organization_members as people;
    let role: Option<String> = people::table
        .find((&project.organization.id, person))
        .filter(people::disabled_at.is_null())
        .select(people::role)
        .first(connection)
        .optional()?;
    Ok(role.and_then(|word| word.parse().ok()))
}

/// Gives a member another role; what he or she may no longer run stops. Call it in `Db::admit`.
///
/// # Errors
/// If the old or the new role is more than the caller's, or the project would be left without an owner.
pub(super) fn update(
    connection: &mut Connection,
    access: &Access<ProjectMember, UpdateMember>,
    role: ProjectRole,
    custom: Option<&str>,
) -> Result<(Member, Revoked)> {
    use schema::project_members as members;
    let ProjectMember { project, person } = access.row();
    let role = GivenRole::asked(connection, project, role, custom)?;
    role.within_reach(access, project)?;
    take(connection, access, !role.is_owner())?;
    diesel::update(members::table.find((&project.row.id, person)))
        .set((members::role.eq(role.base.as_str()), members::custom_role_id.eq(&role.custom)))
        .execute(connection)?;
    let roles: Vec<RoleName> = organization_role(connection, project, person)?
        .map(RoleName::from)
        .into_iter()
        .chain([role.name()])
        .collect();
    let revoked = match access.policy().decide(&roles, Object::Session, Action::Start, true) {
        true => Revoked::default(),
        false => stop(connection, access)?,
    };
    Ok((one(connection, &project.row.id, person)?, revoked))
}

/// Takes a member out of the project; what he or she runs in it stops. Call it in `Db::admit`.
///
/// # Errors
/// If the member's role is more than the caller's, or the project would be left without an owner.
pub(super) fn remove(
    connection: &mut Connection,
    access: &Access<ProjectMember, DeleteMember>,
) -> Result<Revoked> {
    use schema::project_members as members;
    let ProjectMember { project, person } = access.row();
    take(connection, access, true)?;
    diesel::delete(members::table.find((&project.row.id, person))).execute(connection)?;
    stop(connection, access)
}

fn stop<P: Permission>(connection: &mut Connection, access: &Access<ProjectMember, P>) -> Result<Revoked> {
    let ProjectMember { project, person } = access.row();
    Revoked::stop(connection, person, &project.organization.id, Some(&project.row.id))
}

/// Before a member's role is taken, as it is now. `owner_leaves` tells whether an owner would stop being one.
fn take<P: Permission>(
    connection: &mut Connection,
    access: &Access<ProjectMember, P>,
    owner_leaves: bool,
) -> Result<()> {
    use schema::{organization_members as people, project_members as members};
    let ProjectMember { project, person } = access.row();
    let (base, custom): (String, Option<String>) = members::table
        .find((&project.row.id, person))
        .select((members::role, members::custom_role_id))
        .first(connection)?;
    let role = GivenRole::from_row(&base, custom);
    role.within_reach(access, project)?;
    if !owner_leaves || !role.is_owner() || by_organization_role(access, project) {
        return Ok(());
    }
    let enabled = people::table
        .filter(people::organization_id.eq(&project.organization.id))
        .filter(people::disabled_at.is_null())
        .select(people::user_id);
    let another = members::table
        .filter(members::project_id.eq(&project.row.id))
        .filter(members::user_id.ne(person))
        .filter(members::role.eq(ProjectRole::Owner.as_str()))
        .filter(members::custom_role_id.is_null())
        .filter(members::user_id.eq_any(enabled))
        .select(members::user_id)
        .first::<String>(connection)
        .optional()?;
    another.map(drop).ok_or_else(|| {
        let detail = "This is the project's only owner. Make another member an owner first.";
        Error::conflict("last-owner", detail)
    })
}
