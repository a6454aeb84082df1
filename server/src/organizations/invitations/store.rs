//! Rows of invitations, for those who invite.

use super::resource::Invitation;
use crate::access::{Access, CreateInvitation, DeleteInvitation, ReadInvitation, hash_token, new_token};
use crate::accounts::users::email_key;
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result};
use crate::organizations::Organization;
use atelier_api::person::{CreateInvitation as New, Invitation as Shown};
use atelier_api::problem::MissingPermission;
use atelier_api::role::{Action, Object, OrganizationRole};
use diesel::prelude::*;

const DAY_MS: i64 = 86_400_000;

/// Makes an invitation and returns it with its token. Call it in `Db::admit`.
///
/// # Errors
/// If the caller may not give such a role, the project is unknown, or the address belongs to a member.
pub(super) fn create(
    connection: &mut Connection,
    access: &Access<Organization, CreateInvitation>,
    new: &New,
) -> Result<(Shown, String)> {
    use schema::invitations;
    may_give(connection, access, new)?;
    let organization_id = &access.row().id;
    let found = new.project.as_deref().map(|slug| project(connection, organization_id, slug)).transpose()?;
    let (project_id, project_name) = found.unzip();
    if let Some(email) = &new.email
        && is_member(connection, organization_id, email)?
    {
        return Err(Error::invalid_field("email", "belongs to somebody who is in this organization already"));
    }
    let (id, token, now) = (new_id(), new_token(), now());
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(&id),
            invitations::organization_id.eq(organization_id),
            invitations::token_hash.eq(hash_token(&token)),
            invitations::email.eq(new.email.as_deref().map(str::trim)),
            invitations::role.eq(new.role.as_str()),
            invitations::project_id.eq(project_id),
            invitations::project_role.eq(new.project_role.map(|role| role.as_str())),
            invitations::invited_by.eq(&access.caller().user.id),
            invitations::created_at.eq(now),
            invitations::expires_at.eq(now + new.days * DAY_MS),
        ))
        .execute(connection)?;
    let shown = Shown {
        id,
        email: new.email.as_deref().map(|email| email.trim().to_owned()),
        role: new.role,
        project: new.project.clone(),
        project_name,
        project_role: new.project_role,
        invited_by: access.caller().user.name.clone(),
        created_at: now,
        expires_at: now + new.days * DAY_MS,
    };
    Ok((shown, token))
}

/// Who invites gives roles: in the organization beyond a member's as who changes people's roles, in a project
/// as who adds members.
fn may_give(
    connection: &mut Connection,
    access: &Access<Organization, CreateInvitation>,
    new: &New,
) -> Result<()> {
    let plain = matches!(new.role, OrganizationRole::Member | OrganizationRole::Guest);
    let needs =
        [(!plain, Object::Person, Action::Update), (new.project.is_some(), Object::Member, Action::Create)];
    for (needed, object, action) in needs {
        if needed && !access.may(object, action, false) {
            let granted_by = crate::organizations::administrators(connection, &access.row().id)?;
            return Err(Error::forbidden(MissingPermission { object, action, granted_by }));
        }
    }
    match (&new.project, new.project_role) {
        (Some(_), None) => Err(Error::invalid_field("project_role", "is needed with a project")),
        (Some(_), Some(role)) if !role.opens() => {
            Err(Error::invalid_field("project_role", "keeps people out; choose another"))
        }
        (None, Some(_)) => Err(Error::invalid_field("project", "is needed with a project role")),
        _ => Ok(()),
    }
}

/// Id and name.
fn project(connection: &mut Connection, organization_id: &str, slug: &str) -> Result<(String, String)> {
    use schema::projects;
    projects::table
        .filter(projects::organization_id.eq(organization_id))
        .filter(projects::slug.eq(slug))
        .filter(projects::deleted_at.is_null())
        .select((projects::id, projects::name))
        .first(connection)
        .optional()?
        .ok_or_else(|| Error::invalid_field("project", "is not a project of this organization"))
}

fn is_member(connection: &mut Connection, organization_id: &str, email: &str) -> Result<bool> {
    use schema::{organization_members as members, users};
    let found = members::table
        .inner_join(users::table)
        .filter(members::organization_id.eq(organization_id))
        .filter(users::email_key.eq(email_key(email)))
        .select(members::user_id)
        .first::<String>(connection)
        .optional()?;
    Ok(found.is_some())
}

/// The invitations that can still be accepted, newest first.
pub(super) fn open(
    connection: &mut Connection,
    access: &Access<Organization, ReadInvitation>,
) -> Result<Vec<Shown>> {
    use schema::{invitations, projects, users};
    type Words = (Option<String>, String, Option<String>);
    type Row = (String, Words, Option<(String, String)>, String, i64, i64);
    let rows: Vec<Row> = invitations::table
        .inner_join(users::table)
        .left_join(projects::table)
        .filter(invitations::organization_id.eq(&access.row().id))
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::expires_at.gt(now()))
        .order(invitations::id.desc())
        .select((
            invitations::id,
            (invitations::email, invitations::role, invitations::project_role),
            (projects::slug, projects::name).nullable(),
            users::name,
            invitations::created_at,
            invitations::expires_at,
        ))
        .load(connection)?;
    let shown = rows.into_iter().filter_map(|(id, words, project, invited_by, created_at, expires_at)| {
        let (email, role, project_role) = words;
        let (project, project_name) = project.unzip();
        Some(Shown {
            id,
            email,
            role: role.parse().ok()?,
            project,
            project_name,
            project_role: project_role.and_then(|role| role.parse().ok()),
            invited_by,
            created_at,
            expires_at,
        })
    });
    Ok(shown.collect())
}

pub(super) fn revoke(
    connection: &mut Connection,
    access: &Access<Invitation, DeleteInvitation>,
) -> Result<()> {
    use schema::invitations;
    let open = invitations::table.find(&access.row().id).filter(invitations::accepted_at.is_null());
    diesel::update(open).set(invitations::revoked_at.eq(now())).execute(connection)?;
    Ok(())
}
