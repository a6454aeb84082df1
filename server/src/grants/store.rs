//! Rows of grants. What is said of an object and an action is replaced as a whole.

use crate::access::{Access, Permission, Resource};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result};
use crate::http::part::by_name;
use crate::http::version::{IfMatch, Versions};
use atelier_api::grant as api;
use atelier_api::grant::{GrantEffect, Subject};
use atelier_api::role::{Action, Object, ProjectRole};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Of what they are grants: an action on an object.
#[derive(Clone, Copy)]
pub(crate) struct On<'a> {
    pub(crate) organization_id: &'a str,
    pub(crate) object: Object,
    pub(crate) id: &'a str,
    pub(crate) action: Action,
    /// Whether they may speak of whole roles, which the object's guard must then ask for.
    pub(crate) takes_roles: bool,
}

/// Who may do this to the object. Call it with the proof that somebody may see that.
pub(crate) fn describe(connection: &mut Connection, on: On) -> Result<api::Grants> {
    let said = describe_all(connection, on.object, on.action, &[on.id])?.pop();
    said.ok_or_else(|| Error::internal(anyhow::anyhow!("grants of nothing")))
}

/// The same for several objects, in their order.
pub(crate) fn describe_all(
    connection: &mut Connection,
    object: Object,
    action: Action,
    ids: &[&str],
) -> Result<Vec<api::Grants>> {
    use schema::{custom_roles, grants, groups, users};
    let (subject, granter) = diesel::alias!(users as subject, users as granter);
    type Named = (Option<(String, String, String)>, Option<(String, String)>, Option<String>, Option<String>);
    let rows: Vec<(String, String, Named, String, i64)> = grants::table
        .left_join(subject.on(subject.field(users::id).nullable().eq(grants::user_id)))
        .left_join(groups::table.on(groups::id.nullable().eq(grants::group_id)))
        .left_join(custom_roles::table.on(custom_roles::id.nullable().eq(grants::role)))
        .inner_join(granter.on(granter.field(users::id).eq(grants::granted_by)))
        .filter(grants::object.eq(object.as_str()))
        .filter(grants::object_id.eq_any(ids))
        .filter(grants::action.eq(action.as_str()))
        .select((
            grants::object_id,
            grants::effect,
            (
                subject.fields((users::id, users::name, users::email)).nullable(),
                (groups::id, groups::name).nullable(),
                grants::role,
                custom_roles::name.nullable(),
            ),
            granter.field(users::name),
            grants::granted_at,
        ))
        .load(connection)?;
    let versions = Versions::load(connection, object, ids.iter().copied())?;
    let silent = |id: &&str| {
        let (allow, deny) = (Vec::new(), Vec::new());
        ((*id).to_owned(), api::Grants { only: false, allow, deny, version: versions.of(id) })
    };
    let mut all: HashMap<String, api::Grants> = ids.iter().map(silent).collect();
    for (id, effect, named, granted_by, granted_at) in rows {
        let Some(said) = all.get_mut(&id) else { continue };
        let (subject, name, email) = match named {
            (Some((id, name, email)), ..) => (Subject::Person(id), name, Some(email)),
            (None, Some((id, name)), ..) => (Subject::Group(id), name, None),
            (None, None, Some(role), custom) => (Subject::Role(role.clone()), custom.unwrap_or(role), None),
            (None, None, None, _) => {
                said.only |= effect == GrantEffect::Only.as_str();
                continue;
            }
        };
        let grant = api::Grant { subject, name, email, granted_by, granted_at };
        if effect == GrantEffect::Allow.as_str() { said.allow.push(grant) } else { said.deny.push(grant) }
    }
    for list in all.values_mut().flat_map(|said| [&mut said.allow, &mut said.deny]) {
        list.sort_by_cached_key(|grant| (by_name(&grant.name, ""), grant.subject.clone()));
    }
    Ok(ids.iter().filter_map(|id| all.remove(*id)).collect())
}

/// Says anew who may do this to the object. Call it in `Db::admit`.
///
/// # Errors
/// If the caller's own roles do not allow it: nobody gives more than he or she has. If somebody named is not
/// of the organization, or is both allowed and denied.
pub(crate) fn replace<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    if_match: &IfMatch,
    on: On,
    wanted: &api::SetGrants,
) -> Result<api::Grants> {
    use schema::grants;
    let On { object, action, .. } = on;
    let who = &access.caller().user.id;
    if_match.change(connection, object, on.id, who)?;
    if !access.policy().decide(access.roles(), object, action, false) {
        let detail =
            format!("Your role does not allow to {action} this {object}, so you cannot say who may.");
        return Err(Error::refused("beyond-own-role", detail));
    }
    let (allow, deny): (BTreeSet<&Subject>, BTreeSet<&Subject>) =
        (wanted.allow.iter().collect(), wanted.deny.iter().collect());
    if !allow.is_disjoint(&deny) {
        return Err(Error::invalid_field("deny", "names somebody who is in `allow` too"));
    }
    are_here(connection, on, "allow", &allow)?;
    are_here(connection, on, "deny", &deny)?;
    remove(connection, on)?;
    let row = |effect: GrantEffect, subject: Option<&Subject>| {
        let (user_id, group_id, role) = match subject {
            Some(Subject::Person(id)) => (Some(id.clone()), None, None),
            Some(Subject::Group(id)) => (None, Some(id.clone()), None),
            Some(Subject::Role(role)) => (None, None, Some(role.clone())),
            None => (None, None, None),
        };
        (
            grants::id.eq(new_id()),
            grants::organization_id.eq(on.organization_id.to_owned()),
            grants::object.eq(object.as_str()),
            grants::object_id.eq(on.id.to_owned()),
            grants::action.eq(action.as_str()),
            grants::effect.eq(effect.as_str()),
            grants::user_id.eq(user_id),
            grants::group_id.eq(group_id),
            grants::role.eq(role),
            grants::granted_by.eq(who.clone()),
            grants::granted_at.eq(now()),
        )
    };
    let only = wanted.only.then(|| row(GrantEffect::Only, None));
    let allow = allow.into_iter().map(|subject| row(GrantEffect::Allow, Some(subject)));
    let deny = deny.into_iter().map(|subject| row(GrantEffect::Deny, Some(subject)));
    for row in only.into_iter().chain(allow).chain(deny) {
        diesel::insert_into(grants::table).values(row).execute(connection)?;
    }
    describe(connection, on)
}

/// Nothing is said of it any more.
pub(crate) fn remove(connection: &mut Connection, on: On) -> Result<()> {
    use schema::grants;
    let said = grants::table
        .filter(grants::object.eq(on.object.as_str()))
        .filter(grants::object_id.eq(on.id))
        .filter(grants::action.eq(on.action.as_str()));
    diesel::delete(said).execute(connection)?;
    Ok(())
}

fn are_here(connection: &mut Connection, on: On, field: &str, subjects: &BTreeSet<&Subject>) -> Result<()> {
    use schema::{custom_roles, groups, organization_members as people};
    let (mut persons, mut named_groups, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    let mut built_in = 0;
    for subject in subjects {
        match subject {
            Subject::Person(id) => persons.push(id),
            Subject::Group(id) => named_groups.push(id),
            Subject::Role(_) if !on.takes_roles => {
                return Err(Error::invalid_field(field, "names a role, which does not count here"));
            }
            Subject::Role(role) if role.parse::<ProjectRole>().is_ok() => built_in += 1,
            Subject::Role(id) => roles.push(id),
        }
    }
    let here: i64 = people::table
        .filter(people::organization_id.eq(on.organization_id))
        .filter(people::user_id.eq_any(&persons))
        .count()
        .get_result(connection)?;
    let groups: i64 = groups::table
        .filter(groups::organization_id.eq(on.organization_id))
        .filter(groups::id.eq_any(&named_groups))
        .count()
        .get_result(connection)?;
    let roles: i64 = custom_roles::table
        .filter(custom_roles::organization_id.eq(on.organization_id))
        .filter(custom_roles::id.eq_any(&roles))
        .count()
        .get_result(connection)?;
    if usize::try_from(here + groups + roles + built_in).is_ok_and(|found| found == subjects.len()) {
        return Ok(());
    }
    Err(Error::invalid_field(field, "names somebody, or a role, that is not of this organization"))
}

/// What is said of one object is said of another one, too.
pub(crate) fn repeat(connection: &mut Connection, object: Object, of: &str, on: &str) -> Result<()> {
    use schema::grants;
    type Named = (Option<String>, Option<String>, Option<String>);
    type Said = (String, String, String, Named, String, i64);
    let said: Vec<Said> = grants::table
        .filter(grants::object.eq(object.as_str()))
        .filter(grants::object_id.eq(of))
        .select((
            grants::organization_id,
            grants::action,
            grants::effect,
            (grants::user_id, grants::group_id, grants::role),
            grants::granted_by,
            grants::granted_at,
        ))
        .load(connection)?;
    for (organization_id, action, effect, (user_id, group_id, role), granted_by, granted_at) in said {
        diesel::insert_into(grants::table)
            .values((
                grants::id.eq(new_id()),
                grants::organization_id.eq(organization_id),
                grants::object.eq(object.as_str()),
                grants::object_id.eq(on),
                grants::action.eq(action),
                grants::effect.eq(effect),
                grants::user_id.eq(user_id),
                grants::group_id.eq(group_id),
                grants::role.eq(role),
                grants::granted_by.eq(granted_by),
                grants::granted_at.eq(granted_at),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Nothing is said of what is gone.
pub(crate) fn forget(connection: &mut Connection, object: Object, id: &str) -> Result<()> {
    use schema::grants;
    let said = grants::table.filter(grants::object.eq(object.as_str())).filter(grants::object_id.eq(id));
    diesel::delete(said).execute(connection)?;
    Ok(())
}
