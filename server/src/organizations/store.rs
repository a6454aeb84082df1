//! Rows of organizations.

use super::default_tiers;
use super::resource::Organization;
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::slug::slug;
use atelier_api::role::OrganizationRole;
use diesel::prelude::*;

/// Names whose slug is already taken are tried with numbers up to this.
const SLUG_ATTEMPTS: u32 = 100;
const CURRENCY: &str = "USD";

/// A new tenant with the tiers that every one begins with; its maker becomes its administrator. The set-up
/// and the guarded operation both come here.
pub(crate) fn insert(connection: &mut Connection, name: &str, maker: &str) -> Result<Organization> {
    use schema::{organization_members as members, organizations};
    let taken: Vec<String> = organizations::table
        .filter(organizations::slug.like(format!("{}%", slug(name, "organization", 0))))
        .select(organizations::slug)
        .load(connection)?;
    let free = (0..SLUG_ATTEMPTS).map(|n| slug(name, "organization", n)).find(|word| !taken.contains(word));
    let word = free.ok_or_else(|| Error::invalid_field("name", "is used too often; choose another"))?;
    let (id, now) = (new_id(), now());
    diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(&id),
            organizations::slug.eq(&word),
            organizations::name.eq(name.trim()),
            organizations::currency.eq(CURRENCY),
            organizations::created_at.eq(now),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::conflict("name-taken", "Somebody just took this name. Try again."),
            false => error.into(),
        })?;
    diesel::insert_into(members::table)
        .values((
            members::organization_id.eq(&id),
            members::user_id.eq(maker),
            members::role.eq(OrganizationRole::Administrator.as_str()),
            members::joined_at.eq(now),
        ))
        .execute(connection)?;
    default_tiers::insert(connection, &id, maker)?;
    Ok(organizations::table.find(&id).select(Organization::as_select()).first(connection)?)
}
