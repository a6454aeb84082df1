//! Rows of organizations.

use super::resource::{Installation, Organization};
use crate::access::{Access, AsPerson, CreateOrganization, UpdateOrganization};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::version::IfMatch;
use crate::slug::slug;
use crate::tiers;
use atelier_api::organization::UpdateOrganization as Change;
use atelier_api::role::{Object, OrganizationRole};
use diesel::prelude::*;

/// Names whose slug is already taken are tried with numbers up to this.
const SLUG_ATTEMPTS: u32 = 100;
const CURRENCY: &str = "USD";

/// A new tenant; its maker becomes its administrator.
pub(super) fn create(
    connection: &mut Connection,
    access: &Access<Installation, CreateOrganization>,
    name: &str,
) -> Result<Organization> {
    insert(connection, name, &access.caller().user.id)
}

/// As [`create`], for the set-up, which makes its maker in the same transaction. Every tenant begins with the
/// same tiers.
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
    tiers::store::insert_defaults(connection, &id, maker)?;
    Ok(organizations::table.find(&id).select(Organization::as_select()).first(connection)?)
}

/// The organizations that the caller is an enabled member of, by name, with the caller's role.
pub(super) fn mine(
    connection: &mut Connection,
    person: &AsPerson,
) -> Result<Vec<(Organization, OrganizationRole)>> {
    use schema::{organization_members as members, organizations};
    let rows: Vec<(Organization, String)> = members::table
        .inner_join(organizations::table)
        .filter(members::user_id.eq(&person.caller().user.id))
        .filter(members::disabled_at.is_null())
        .order((organizations::name, organizations::id))
        .select((Organization::as_select(), members::role))
        .load(connection)?;
    Ok(rows.into_iter().filter_map(|(row, role)| Some((row, role.parse().ok()?))).collect())
}

/// Call it in `Db::admit`.
///
/// # Errors
/// If the currency should change though there are bills in it.
pub(super) fn update(
    connection: &mut Connection,
    access: &Access<Organization, UpdateOrganization>,
    if_match: &IfMatch,
    change: &Change,
) -> Result<Organization> {
    use schema::{organizations, segments, storage_days};
    let row = access.row();
    if_match.change(connection, Object::Organization, &row.id, &access.caller().user.id)?;
    let this = organizations::table.find(&row.id);
    if let Some(name) = &change.name {
        diesel::update(this).set(organizations::name.eq(name.trim())).execute(connection)?;
    }
    if let Some(currency) = change.currency.as_ref().filter(|currency| **currency != row.currency) {
        let billed = segments::table
            .filter(segments::organization_id.eq(&row.id))
            .select(segments::id)
            .first::<String>(connection)
            .optional()?;
        let stored = storage_days::table
            .filter(storage_days::organization_id.eq(&row.id))
            .filter(storage_days::cost_micros.gt(0))
            .select(storage_days::day)
            .first::<i64>(connection)
            .optional()?;
        if billed.is_some() || stored.is_some() {
            let detail = "The currency cannot change once something has been billed in it.";
            return Err(Error::conflict("already-billed", detail));
        }
        diesel::update(this).set(organizations::currency.eq(currency)).execute(connection)?;
    }
    Ok(this.select(Organization::as_select()).first(connection)?)
}
