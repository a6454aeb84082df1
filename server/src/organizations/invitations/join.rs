//! Rows of invitations, for those who accept: the token in the link is their proof.

use crate::access::{User, hash_token};
use crate::accounts::links;
use crate::accounts::users::email_key;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use crate::organizations::Organization;
use diesel::prelude::*;

/// An invitation that can be accepted now.
pub(super) struct Offer {
    id: String,
    pub(super) organization: Organization,
    pub(super) role: String,
    /// The project that it leads into, as id and name, and the role there.
    pub(super) project: Option<(String, String, String)>,
    pub(super) email: Option<String>,
    pub(super) invited_by: String,
    pub(super) expires_at: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::invitations)]
struct Row {
    id: String,
    email: Option<String>,
    role: String,
    project_role: Option<String>,
    expires_at: i64,
    accepted_at: Option<i64>,
    revoked_at: Option<i64>,
}

/// # Errors
/// If there is no such invitation, or it was used or revoked or has expired.
pub(super) fn find(connection: &mut Connection, token: &str) -> Result<Offer> {
    use schema::{invitations, organizations, projects, users};
    type Joined = (Row, Organization, String, Option<(String, String, Option<i64>)>);
    let found: Option<Joined> = invitations::table
        .inner_join(organizations::table)
        .inner_join(users::table)
        .left_join(projects::table)
        .filter(invitations::token_hash.eq(hash_token(token)))
        .select((
            Row::as_select(),
            Organization::as_select(),
            users::name,
            (projects::id, projects::name, projects::deleted_at).nullable(),
        ))
        .first(connection)
        .optional()?;
    let (row, organization, invited_by, project) = found.ok_or_else(Error::not_found)?;
    let gone = |code: &str, why: &str| {
        let detail = format!("This invitation {why}. Ask {invited_by} for a new one.");
        Err(Error::gone(code, detail))
    };
    if row.accepted_at.is_some() {
        return gone("invitation-used", "was accepted already");
    }
    if row.revoked_at.is_some() {
        return gone("invitation-revoked", "was withdrawn");
    }
    if row.expires_at <= now() {
        return gone("invitation-expired", "has expired");
    }
    let project = project.filter(|(_, _, deleted_at)| deleted_at.is_none());
    Ok(Offer {
        id: row.id,
        organization,
        role: row.role,
        project: project.zip(row.project_role).map(|((id, name, _), role)| (id, name, role)),
        email: row.email,
        invited_by,
        expires_at: row.expires_at,
    })
}

/// # Errors
/// If the invitation is for another address.
pub(super) fn check_address(offer: &Offer, email: &str) -> Result<()> {
    match &offer.email {
        Some(invited) if email_key(invited) != email_key(email) => {
            let detail = format!("This invitation is for {invited}. Sign in or sign up with that address.");
            Err(Error::conflict("invitation-for-another", detail))
        }
        _ => Ok(()),
    }
}

/// Whether a link would let this person in now: it is open, not for somebody else, and the organization has not
/// disabled him or her.
pub(crate) fn lets_in(connection: &mut Connection, token: &str, user: &User) -> Result<bool> {
    use schema::organization_members as members;
    let offer = match find(connection, token) {
        Ok(offer) => offer,
        Err(error) if error.problem().status < 500 => return Ok(false),
        Err(error) => return Err(error),
    };
    let disabled: i64 = members::table
        .find((&offer.organization.id, &user.id))
        .filter(members::disabled_at.is_not_null())
        .count()
        .get_result(connection)?;
    Ok(disabled == 0 && check_address(&offer, &user.email).is_ok())
}

/// Lets a person in and uses the invitation up. Call it in `Db::admit`.
///
/// # Errors
/// If he or she is in already, is disabled, or somebody else was faster.
pub(super) fn accept(connection: &mut Connection, offer: &Offer, user: &User) -> Result<()> {
    use schema::{invitations, organization_members as members};
    check_address(offer, &user.email)?;
    let organization = &offer.organization;
    let membership: Option<Option<i64>> = members::table
        .find((&organization.id, &user.id))
        .select(members::disabled_at)
        .first(connection)
        .optional()?;
    let joined_project = match membership {
        Some(Some(_)) => {
            let detail = format!(
                "Your access to {} is disabled. Ask one of its administrators to enable it.",
                organization.name
            );
            return Err(Error::conflict("disabled", detail));
        }
        Some(None) => join_project(connection, offer, user)?,
        None => {
            diesel::insert_into(members::table)
                .values((
                    members::organization_id.eq(&organization.id),
                    members::user_id.eq(&user.id),
                    members::role.eq(&offer.role),
                    members::joined_at.eq(now()),
                ))
                .execute(connection)?;
            join_project(connection, offer, user)?
        }
    };
    if membership.is_some() && !joined_project {
        let detail = format!("You are in {} already.", organization.name);
        return Err(Error::conflict("already-member", detail));
    }
    // Another organization must not keep a way into an account that now opens this one.
    links::void(connection, links::PASSWORD_RESET, Some(&user.id))?;
    let open = invitations::table.find(&offer.id).filter(invitations::accepted_at.is_null());
    let used = diesel::update(open).set(invitations::accepted_at.eq(now())).execute(connection)?;
    if used == 1 {
        Ok(())
    } else {
        Err(Error::gone("invitation-used", "This invitation was accepted already."))
    }
}

/// Tells whether the person was not in the project before.
fn join_project(connection: &mut Connection, offer: &Offer, user: &User) -> Result<bool> {
    use schema::project_members as members;
    let Some((project_id, _, role)) = &offer.project else { return Ok(false) };
    let already = members::table
        .find((project_id, &user.id))
        .select(members::role)
        .first::<String>(connection)
        .optional()?;
    if already.is_some() {
        return Ok(false);
    }
    diesel::insert_into(members::table)
        .values((
            members::project_id.eq(project_id),
            members::user_id.eq(&user.id),
            members::role.eq(role),
            members::since.eq(now()),
        ))
        .execute(connection)?;
    Ok(true)
}
