//! Rows of grants. What is said of an object and an action is replaced as a whole.

use crate::access::{Access, Permission};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result};
use crate::http::part::by_name;
use crate::http::version::{IfMatch, version};
use crate::organizations::{Kind, Part};
use atelier_api::grant as api;
use atelier_api::grant::{GrantEffect, Subject};
use atelier_api::role::Action;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Who may do this to the object.
pub(crate) fn describe<K: Kind, P: Permission>(
    connection: &mut Connection,
    access: &Access<Part<K>, P>,
    action: Action,
) -> Result<api::Grants> {
    use schema::{grants, groups, users};
    let id = &access.row().id;
    let (subject, granter) = diesel::alias!(users as subject, users as granter);
    type Row = (String, Option<(String, String, String)>, Option<(String, String)>, String, i64);
    let rows: Vec<Row> = grants::table
        .left_join(subject.on(subject.field(users::id).nullable().eq(grants::user_id)))
        .left_join(groups::table.on(groups::id.nullable().eq(grants::group_id)))
        .inner_join(granter.on(granter.field(users::id).eq(grants::granted_by)))
        .filter(grants::object.eq(K::OBJECT.as_str()))
        .filter(grants::object_id.eq(id))
        .filter(grants::action.eq(action.as_str()))
        .select((
            grants::effect,
            subject.fields((users::id, users::name, users::email)).nullable(),
            (groups::id, groups::name).nullable(),
            granter.field(users::name),
            grants::granted_at,
        ))
        .load(connection)?;
    let mut said = api::Grants {
        only: false,
        allow: Vec::new(),
        deny: Vec::new(),
        version: version(connection, K::OBJECT, id)?,
    };
    for (effect, person, group, granted_by, granted_at) in rows {
        let (subject, name, email) = match (person, group) {
            (Some((id, name, email)), _) => (Subject::Person(id), name, Some(email)),
            (None, Some((id, name))) => (Subject::Group(id), name, None),
            (None, None) => {
                said.only |= effect == GrantEffect::Only.as_str();
                continue;
            }
        };
        let grant = api::Grant { subject, name, email, granted_by, granted_at };
        if effect == GrantEffect::Allow.as_str() { said.allow.push(grant) } else { said.deny.push(grant) }
    }
    for list in [&mut said.allow, &mut said.deny] {
        list.sort_by_cached_key(|grant| (by_name(&grant.name, ""), grant.subject.clone()));
    }
    Ok(said)
}

/// Says anew who may do this to the object. Call it in `Db::admit`.
///
/// # Errors
/// If the caller's own roles do not allow it: nobody gives more than he or she has. If somebody named is not
/// of the organization, or is both allowed and denied.
pub(crate) fn replace<K: Kind, P: Permission>(
    connection: &mut Connection,
    access: &Access<Part<K>, P>,
    if_match: &IfMatch,
    action: Action,
    wanted: &api::SetGrants,
) -> Result<api::Grants> {
    use schema::grants;
    let part = access.row();
    let who = &access.caller().user.id;
    if_match.change(connection, K::OBJECT, &part.id, who)?;
    if !access.policy().decide(access.roles(), K::OBJECT, action, false) {
        let detail =
            format!("Your role does not allow to {action} this {}, so you cannot say who may.", K::OBJECT);
        return Err(Error::refused("beyond-own-role", detail));
    }
    let (allow, deny): (BTreeSet<&Subject>, BTreeSet<&Subject>) =
        (wanted.allow.iter().collect(), wanted.deny.iter().collect());
    if !allow.is_disjoint(&deny) {
        return Err(Error::invalid_field("deny", "names somebody who is in `allow` too"));
    }
    are_here(connection, part, "allow", &allow)?;
    are_here(connection, part, "deny", &deny)?;
    let said = grants::table
        .filter(grants::object.eq(K::OBJECT.as_str()))
        .filter(grants::object_id.eq(&part.id))
        .filter(grants::action.eq(action.as_str()));
    diesel::delete(said).execute(connection)?;
    let row = |effect: GrantEffect, subject: Option<&Subject>| {
        let (user_id, group_id) = match subject {
            Some(Subject::Person(id)) => (Some(id.clone()), None),
            Some(Subject::Group(id)) => (None, Some(id.clone())),
            None => (None, None),
        };
        (
            grants::id.eq(new_id()),
            grants::organization_id.eq(part.organization.id.clone()),
            grants::object.eq(K::OBJECT.as_str()),
            grants::object_id.eq(part.id.clone()),
            grants::action.eq(action.as_str()),
            grants::effect.eq(effect.as_str()),
            grants::user_id.eq(user_id),
            grants::group_id.eq(group_id),
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
    describe(connection, access, action)
}

fn are_here<K: Kind>(
    connection: &mut Connection,
    part: &Part<K>,
    field: &str,
    subjects: &BTreeSet<&Subject>,
) -> Result<()> {
    use schema::{groups, organization_members as people};
    let (mut persons, mut named_groups) = (Vec::new(), Vec::new());
    for subject in subjects {
        match subject {
            Subject::Person(id) => persons.push(id),
            Subject::Group(id) => named_groups.push(id),
        }
    }
    let here: i64 = people::table
        .filter(people::organization_id.eq(&part.organization.id))
        .filter(people::user_id.eq_any(&persons))
        .count()
        .get_result(connection)?;
    let groups: i64 = groups::table
        .filter(groups::organization_id.eq(&part.organization.id))
        .filter(groups::id.eq_any(&named_groups))
        .count()
        .get_result(connection)?;
    if usize::try_from(here + groups).is_ok_and(|found| found == subjects.len()) {
        return Ok(());
    }
    Err(Error::invalid_field(field, "names somebody who is not of this organization"))
}
