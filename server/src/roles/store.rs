//! Rows of custom roles. Each change counts the organization's policy epoch up, and is written only if the
//! policy is understood with it: a change that fails changes nothing.

use super::resource::CustomRole;
use crate::access::{
    Access, CreateRole, DeleteRole, Policies, ReadRole, UpdateRole, custom_roles as load_roles,
};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::version::{IfMatch, Versions};
use crate::organizations::Organization;
use crate::projects::Revoked;
use atelier_api::custom_role as api;
use atelier_api::role::{Object, Permission};
use atelier_policies::{Policy, PolicyError};
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
    write_rules(connection, &access.row().id, policies, &id, role)?;
    one(connection, &access.row().id, &id)
}

pub(super) fn update(
    connection: &mut Connection,
    access: &Access<CustomRole, UpdateRole>,
    policies: &Policies,
    if_match: &IfMatch,
    role: &api::SaveCustomRole,
) -> Result<(api::CustomRole, Revoked)> {
    use schema::{
        custom_role_rules as rules, custom_roles as roles, project_groups, project_members as members,
    };
    let CustomRole { organization, id, .. } = access.row();
    if_match.change(connection, Object::Role, id, &access.caller().user.id)?;
    diesel::update(roles::table.find(id))
        .set((roles::name.eq(role.name.trim()), roles::base.eq(role.base.as_str())))
        .execute(connection)
        .map_err(name_taken)?;
    diesel::update(members::table.filter(members::custom_role_id.eq(id)))
        .set(members::role.eq(role.base.as_str()))
        .execute(connection)?;
    diesel::update(project_groups::table.filter(project_groups::custom_role_id.eq(id)))
        .set(project_groups::role.eq(role.base.as_str()))
        .execute(connection)?;
    diesel::delete(rules::table.filter(rules::role_id.eq(id))).execute(connection)?;
    let policy = write_rules(connection, &organization.id, policies, id, role)?;
    let projects = projects_with(connection, id)?;
    let revoked = Revoked::where_ended(connection, &policy, &organization.id, &projects)?;
    Ok((one(connection, &organization.id, id)?, revoked))
}

/// The projects where somebody, or a group, has the role.
fn projects_with(connection: &mut Connection, id: &str) -> Result<Vec<String>> {
    use schema::project_roles as held;
    let theirs = held::table.filter(held::custom_role_id.eq(id));
    Ok(theirs.select(held::project_id).distinct().load(connection)?)
}

/// # Errors
/// While members, people or groups, have it.
pub(super) fn delete(
    connection: &mut Connection,
    access: &Access<CustomRole, DeleteRole>,
    if_match: &IfMatch,
) -> Result<()> {
    use schema::{custom_role_rules as rules, custom_roles as roles, grants};
    let id = &access.row().id;
    if_match.change(connection, Object::Role, id, &access.caller().user.id)?;
    let held = memberships(connection, &[id])?.get(id).copied().unwrap_or_default();
    if held > 0 {
        let detail = format!("{held} members have this role. Give them another one first.");
        return Err(Error::conflict("role-in-use", detail));
    }
    diesel::delete(rules::table.filter(rules::role_id.eq(id))).execute(connection)?;
    diesel::delete(grants::table.filter(grants::role.eq(id))).execute(connection)?;
    diesel::delete(roles::table.find(id)).execute(connection)?;
    count_epoch(connection, &access.row().organization.id)
}

/// The policy with the role's new rules.
fn write_rules(
    connection: &mut Connection,
    organization_id: &str,
    policies: &Policies,
    id: &str,
    role: &api::SaveCustomRole,
) -> Result<Policy> {
    if !role.base.opens() {
        return Err(Error::invalid_field("base", "keeps people out; choose another"));
    }
    for (effect, permissions) in [("allow", &role.allow), ("deny", &role.deny)] {
        for permission in permissions {
            insert_rule(connection, id, effect, *permission)?;
        }
    }
    let policy = policies.with(&load_roles(connection, organization_id)?).map_err(|error| match error {
        PolicyError::CustomRole { field, problem, .. } => Error::invalid_field(field, problem),
        other => Error::internal(other),
    })?;
    count_epoch(connection, organization_id)?;
    Ok(policy)
}

fn one(connection: &mut Connection, organization_id: &str, id: &str) -> Result<api::CustomRole> {
    let found = all(connection, organization_id)?.into_iter().find(|role| role.id == id);
    found.ok_or_else(Error::not_found)
}

/// How many people and groups have each of the roles.
fn memberships(connection: &mut Connection, ids: &[&str]) -> Result<HashMap<String, i64>> {
    use diesel::dsl::count_star;
    use schema::{project_groups as groups, project_members as people};
    let of_people: Vec<(Option<String>, i64)> = people::table
        .filter(people::custom_role_id.eq_any(ids))
        .group_by(people::custom_role_id)
        .select((people::custom_role_id, count_star()))
        .load(connection)?;
    let of_groups: Vec<(Option<String>, i64)> = groups::table
        .filter(groups::custom_role_id.eq_any(ids))
        .group_by(groups::custom_role_id)
        .select((groups::custom_role_id, count_star()))
        .load(connection)?;
    let mut held: HashMap<String, i64> = HashMap::new();
    for (id, count) in of_people.into_iter().chain(of_groups) {
        *held.entry(id.unwrap_or_default()).or_default() += count;
    }
    Ok(held)
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
    use schema::custom_roles as roles;
    let rows: Vec<(String, String, String)> = roles::table
        .filter(roles::organization_id.eq(organization_id))
        .order((roles::name, roles::id))
        .select((roles::id, roles::name, roles::base))
        .load(connection)?;
    let ids: Vec<&str> = rows.iter().map(|(id, ..)| id.as_str()).collect();
    let held = memberships(connection, &ids)?;
    let versions = Versions::load(connection, Object::Role, ids)?;
    let mut rules: HashMap<String, atelier_policies::CustomRole> =
        load_roles(connection, organization_id)?.into_iter().map(|role| (role.name.clone(), role)).collect();
    rows.into_iter()
        .map(|(id, name, base)| {
            let rules = rules.remove(&id);
            let (allow, deny) = rules.map(|rules| (rules.allow, rules.deny)).unwrap_or_default();
            let base = base.parse().map_err(|_| Error::internal(anyhow::anyhow!("role {id} has no base")))?;
            let members = held.get(&id).copied().unwrap_or_default();
            let version = versions.of(&id);
            Ok(api::CustomRole { id, name, base, allow, deny, members, version })
        })
        .collect()
}

fn name_taken(error: diesel::result::Error) -> Error {
    match is_unique_violation(&error) {
        true => Error::invalid_field("name", "is the name of another role; choose another"),
        false => error.into(),
    }
}
