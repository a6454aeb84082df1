//! The role that a member is given or has, and who may give and take it.

use crate::access::{Access, HeldRole, Permission, Resource, roles_in_project};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::projects::Project;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole, Scope};
use atelier_policies::RoleName;
use diesel::prelude::*;

/// A role as asked for in a request.
///
/// # Errors
/// If the organization has no such custom role.
pub(in crate::projects) fn asked(
    connection: &mut Connection,
    project: &Project,
    role: ProjectRole,
    custom: Option<&str>,
) -> Result<HeldRole> {
    use schema::custom_roles;
    let Some(custom) = custom else { return Ok(HeldRole { base: role, custom: None }) };
    let base: Option<String> = custom_roles::table
        .find(custom)
        .filter(custom_roles::organization_id.eq(&project.organization.id))
        .select(custom_roles::base)
        .first(connection)
        .optional()?;
    let role = base.and_then(|base| HeldRole::from_row(&base, Some(custom.to_owned())));
    role.ok_or_else(|| Error::invalid_field("custom_role", "is not a role of this organization"))
}

/// As [`asked`], for a group, an invitation and whatever else is not one person of the project.
///
/// # Errors
/// If it is the role that keeps single people out.
pub(in crate::projects) fn opens(role: &HeldRole) -> Result<()> {
    match role.keeps_out() {
        true => Err(Error::invalid_field("role", "is for single people")),
        false => Ok(()),
    }
}

/// # Errors
/// If this person may do more in the project than the caller, sees all projects by a role in the organization, or
/// is the caller.
pub(super) fn may_keep_out<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    project: &Project,
    person: &str,
) -> Result<()> {
    use schema::organization_members as people;
    if person == access.caller().user.id {
        let detail = "You cannot keep yourself out of a project. Leave it instead, or ask somebody else.";
        return Err(Error::conflict("oneself", detail));
    }
    let word: Option<String> = people::table
        .find((&project.organization.id, person))
        .select(people::role)
        .first(connection)
        .optional()?;
    let role = word.and_then(|word| word.parse::<OrganizationRole>().ok()).map(RoleName::from);
    let sees_all = access.policy().decide(role.as_slice(), Object::Project, Action::Read, false);
    if !sees_all || by_organization_role(access, project) {
        let held = roles_in_project(connection, &project.row.id, person)?;
        return held.iter().try_for_each(|role| within_reach(role, access, project));
    }
    let detail = "This person sees all projects of the organization. Only an administrator can keep him or her \
                  out of one.";
    Err(Error::refused("beyond-own-role", detail))
}

/// # Errors
/// If the role permits what the caller may not do: nobody gives, or takes from others, more than he or she
/// has. Who runs the organization may, though not a member of its projects.
pub(in crate::projects) fn within_reach<R: Resource, P: Permission>(
    role: &HeldRole,
    access: &Access<R, P>,
    project: &Project,
) -> Result<()> {
    let (policy, roles) = (access.policy(), access.roles());
    let permitted = policy.permissions(&[role.name()]);
    let within = permitted.iter().all(|permission| {
        let own = permission.scope == Scope::Own;
        policy.decide(roles, permission.object, permission.action, own)
    });
    if within || by_organization_role(access, project) {
        return Ok(());
    }
    let detail = "This role may do more than you may here. Ask an owner of the project or an administrator.";
    Err(Error::refused("beyond-own-role", detail))
}

/// After an owner stopped being one, in the same transaction.
///
/// # Errors
/// If nobody who is enabled owns the project any more, alone or by a group, and the caller does not run the
/// organization.
pub(in crate::projects) fn keeps_an_owner<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    project: &Project,
) -> Result<()> {
    use schema::{organization_members as people, project_roles as held};
    if by_organization_role(access, project) {
        return Ok(());
    }
    let enabled = people::table
        .filter(people::organization_id.eq(&project.organization.id))
        .filter(people::disabled_at.is_null())
        .select(people::user_id);
    let owners: i64 = held::table
        .filter(held::project_id.eq(&project.row.id))
        .filter(held::role.eq(ProjectRole::Owner.as_str()))
        .filter(held::custom_role_id.is_null())
        .filter(held::user_id.eq_any(enabled))
        .count()
        .get_result(connection)?;
    if owners > 0 {
        return Ok(());
    }
    let detail = "Nobody else owns this project. Make another member an owner first.";
    Err(Error::conflict("last-owner", detail))
}

/// Whether the caller might do the same without being a member of the project.
fn by_organization_role<R: Resource, P: Permission>(access: &Access<R, P>, project: &Project) -> bool {
    let held: Vec<RoleName> = project.held.iter().map(HeldRole::name).collect();
    let roles: Vec<RoleName> = access.roles().iter().filter(|role| !held.contains(role)).cloned().collect();
    access.policy().decide(&roles, P::OBJECT, P::ACTION, false)
}
