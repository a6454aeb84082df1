//! Rows of custom roles. Each change counts the organization's policy epoch up, and is written only if the
//! policy is understood with it: a change that fails changes nothing.

use super::resource::CustomRole;
use crate::access::{
    Access, CreateRole, DeleteRole, Policies, ReadRole, UpdateRole, custom_roles as load_roles,
};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::organizations::Organization;
use crate::projects::Revoked;
use atelier_api::custom_role as api;
use atelier_api::role::{Action, Object, Permission};
use atelier_policies::PolicyError;
use diesel::prelude::*;
use std::collections::HashMap;

/// The organization's roles, by name.
pub(super) fn list(
    connection: &mut Connection,
    access: &Access<Organization, ReadRole>,
) -> Result<Vec<api::CustomRole>> {
    all(connection, &access.row().id)
}

pub(super) fn create(
    connection: &mut Connection,
    access: &Access<Organization, CreateRole>,
    policies: &Policies,
    role: &api::SaveCustomRole,
) -> Result<api::CustomRole> {
    use schema::custom_roles as roles;
    let id = new_id();
    diesel::insert_into(roles::table)
        .values((
            roles::id.eq(&id),
            roles::organization_id.eq(&access.row().id),
            roles::name.eq(role.name.trim()),
            roles::base.eq(role.base.as_str()),
            roles::created_at.eq(now()),
        ))
        .execute(connection)
        .map_err(name_taken)?;
    write_rules(connection, &access.row().id, policies, &id, role)
}

pub(super) fn update(
    connection: &mut Connection,
    access: &Access<CustomRole, UpdateRole>,
    policies: &Policies,
    role: &api::SaveCustomRole,
) -> Result<(api::CustomRole, Vec<Revoked>)> {
    use schema::{custom_role_rules as rules, custom_roles as roles, project_members as members};
    let id = &access.row().id;
    diesel::update(roles::table.find(id))
        .set((roles::name.eq(role.name.trim()), roles::base.eq(role.base.as_str())))
        .execute(connection)
        .map_err(name_taken)?;
    diesel::update(members::table.filter(members::custom_role_id.eq(id)))
        .set(members::role.eq(role.base.as_str()))
        .execute(connection)?;
    diesel::delete(rules::table.filter(rules::role_id.eq(id))).execute(connection)?;
    let written = write_rules(connection, &access.row().organization.id, policies, id, role)?;
    let starts =
        |permission: &Permission| permission.object == Object::Session && permission.action == Action::Start;
    if role.allow.iter().any(starts) && !role.deny.iter().any(starts) {
        return Ok((written, Vec::new()));
    }
    // Nobody starts a session by an organization's role: who loses it here may run none any more.
    let holders: Vec<(String, String)> = members::table
        .filter(members::custom_role_id.eq(id))
        .select((members::user_id, members::project_id))
        .load(connection)?;
    let organization_id = &access.row().organization.id;
    let stop =
        |(user, project): &(String, String)| Revoked::stop(connection, user, organization_id, Some(project));
    let stopped = holders.iter().map(stop).collect::<Result<_>>()?;
    Ok((written, stopped))
}

/// # Errors
/// While members have it.
pub(super) fn delete(connection: &mut Connection, access: &Access<CustomRole, DeleteRole>) -> Result<()> {
    use schema::{custom_role_rules as rules, custom_roles as roles, project_members as members};
    let id = &access.row().id;
    let held: i64 = members::table.filter(members::custom_role_id.eq(id)).count().get_result(connection)?;
    if held > 0 {
        let detail = format!("{held} members have this role. Give them another one first.");
        return Err(Error::conflict("role-in-use", detail));
    }
    diesel::delete(rules::table.filter(rules::role_id.eq(id))).execute(connection)?;
    diesel::delete(roles::table.find(id)).execute(connection)?;
    count_epoch(connection, &access.row().organization.id)
}

fn write_rules(
    connection: &mut Connection,
    organization_id: &str,
    policies: &Policies,
    id: &str,
    role: &api::SaveCustomRole,
) -> Result<api::CustomRole> {
    for (effect, permissions) in [("allow", &role.allow), ("deny", &role.deny)] {
        for permission in permissions {
            insert_rule(connection, id, effect, *permission)?;
        }
    }
    policies.check(&load_roles(connection, organization_id)?).map_err(|error| match error {
        PolicyError::CustomRole { problem, .. } => Error::invalid_field("allow", problem),
        other => Error::internal(other),
    })?;
    count_epoch(connection, organization_id)?;
    let written = all(connection, organization_id)?.into_iter().find(|written| written.id == id);
    written.ok_or_else(Error::not_found)
}

fn insert_rule(connection: &mut Connection, id: &str, effect: &str, permission: Permission) -> Result<()> {
    use schema::custom_role_rules as rules;
    diesel::insert_into(rules::table)
        .values((
            rules::role_id.eq(id),
            rules::object.eq(permission.object.as_str()),
            rules::action.eq(permission.action.as_str()),
            rules::scope.eq(permission.scope.as_str()),
            rules::effect.eq(effect),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => {
                let twice = format!("{} {} is there twice", permission.object, permission.action);
                Error::invalid_field(effect, twice)
            }
            false => error.into(),
        })?;
    Ok(())
}

fn count_epoch(connection: &mut Connection, organization_id: &str) -> Result<()> {
    use schema::organizations;
    diesel::update(organizations::table.find(organization_id))
        .set(organizations::policy_epoch.eq(organizations::policy_epoch + 1))
        .execute(connection)?;
    Ok(())
}

fn all(connection: &mut Connection, organization_id: &str) -> Result<Vec<api::CustomRole>> {
    use diesel::dsl::count_star;
    use schema::{custom_roles as roles, project_members as members};
    let rows: Vec<(String, String, String)> = roles::table
        .filter(roles::organization_id.eq(organization_id))
        .order((roles::name, roles::id))
        .select((roles::id, roles::name, roles::base))
        .load(connection)?;
    let held: HashMap<Option<String>, i64> = members::table
        .filter(members::custom_role_id.eq_any(rows.iter().map(|(id, ..)| id)))
        .group_by(members::custom_role_id)
        .select((members::custom_role_id, count_star()))
        .load::<(Option<String>, i64)>(connection)?
        .into_iter()
        .collect();
    let mut rules: HashMap<String, atelier_policies::CustomRole> =
        load_roles(connection, organization_id)?.into_iter().map(|role| (role.name.clone(), role)).collect();
    rows.into_iter()
        .map(|(id, name, base)| {
            let rules = rules.remove(&id);
            let (allow, deny) = rules.map(|rules| (rules.allow, rules.deny)).unwrap_or_default();
            let base = base.parse().map_err(|_| Error::internal(anyhow::anyhow!("role {id} has no base")))?;
            let members = held.get(&Some(id.clone())).copied().unwrap_or_default();
            Ok(api::CustomRole { id, name, base, allow, deny, members })
        })
        .collect()
}

fn name_taken(error: diesel::result::Error) -> Error {
    match is_unique_violation(&error) {
        true => Error::invalid_field("name", "is the name of another role; choose another"),
        false => error.into(),
    }
}
