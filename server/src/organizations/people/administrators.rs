//! An organization is never without an administrator, and who stops being one leaves no way back in.

use super::resource::Person;
use crate::accounts::links;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use atelier_api::role::OrganizationRole;
use diesel::prelude::*;

/// Before an enabled administrator stops being one. Call it in `Db::admit`.
///
/// The invitations that he or she made and the password links of the organization's people end: their tokens
/// may have been kept.
///
/// # Errors
/// If there is no other enabled administrator.
pub(super) fn step_down(connection: &mut Connection, person: &Person) -> Result<()> {
    use schema::{invitations, one_time_links, organization_members as members};
    let organization_id = &person.organization.id;
    let another = members::table
        .filter(members::organization_id.eq(organization_id))
        .filter(members::user_id.ne(&person.row.id))
        .filter(members::role.eq(OrganizationRole::Administrator.as_str()))
        .filter(members::disabled_at.is_null())
        .select(members::user_id)
        .first::<String>(connection)
        .optional()?;
    if another.is_none() {
        let detail = format!(
            "{} is the only administrator of {}. Make somebody else an administrator first.",
            person.row.name, person.organization.name
        );
        return Err(Error::conflict("last-administrator", detail));
    }
    let open = invitations::table
        .filter(invitations::organization_id.eq(organization_id))
        .filter(invitations::invited_by.eq(&person.row.id))
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null());
    diesel::update(open).set(invitations::revoked_at.eq(now())).execute(connection)?;
    let people = members::table
        .filter(members::organization_id.eq(organization_id))
        .select(members::user_id.nullable());
    let resets = one_time_links::table
        .filter(one_time_links::purpose.eq(links::PASSWORD_RESET))
        .filter(one_time_links::used_at.is_null())
        .filter(one_time_links::user_id.eq_any(people));
    diesel::update(resets).set(one_time_links::used_at.eq(now())).execute(connection)?;
    Ok(())
}
