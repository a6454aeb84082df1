//! Who is in a project, alone and through groups, and who could be. However many they are, they take the same
//! number of queries.

use super::{CANDIDATES, version_id};
use crate::access::{Access, CreateMember, ReadMember};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::http::part::{by_name, matches};
use crate::http::version::Versions;
use crate::projects::Project;
use atelier_api::custom_role::CustomRoleName;
use atelier_api::group::GroupName;
use atelier_api::member::{Candidate, Member};
use atelier_api::role::{Object, ProjectRole};
use diesel::prelude::*;
use std::collections::HashMap;

/// Everybody in the project, by name.
pub(super) fn list(connection: &mut Connection, access: &Access<Project, ReadMember>) -> Result<Vec<Member>> {
    load(connection, access.row())
}

/// One of them.
pub(super) fn one(connection: &mut Connection, project: &Project, person: &str) -> Result<Member> {
    let found = load(connection, project)?.into_iter().find(|member| member.person == person);
    found.ok_or_else(Error::not_found)
}

fn load(connection: &mut Connection, project: &Project) -> Result<Vec<Member>> {
    let mut members = with_own_role(connection, project)?;
    for (person, name, email, group) in through_groups(connection, project)? {
        let member = members.entry(person.clone()).or_insert_with(|| Member {
            person,
            name,
            email,
            role: None,
            custom_role: None,
            since: None,
            groups: Vec::new(),
            version: 0,
        });
        member.groups.push(group);
    }
    let keys = members.keys().map(|person| version_id(project, person));
    let versions = Versions::load(connection, Object::Member, keys)?;
    let mut members: Vec<Member> = members.into_values().collect();
    for member in &mut members {
        member.version = versions.of(&version_id(project, &member.person));
        member.groups.sort_by_cached_key(|group| by_name(&group.name, &group.id));
    }
    members.sort_by_cached_key(|member| by_name(&member.name, &member.person));
    Ok(members)
}

fn with_own_role(connection: &mut Connection, project: &Project) -> Result<HashMap<String, Member>> {
    use schema::{custom_roles, project_members as members, users};
    type Row = ((String, String, String), String, Option<(String, String)>, i64);
    let rows: Vec<Row> = members::table
        .inner_join(users::table)
        .left_join(custom_roles::table)
        .filter(members::project_id.eq(&project.row.id))
        .select((
            (users::id, users::name, users::email),
            members::role,
            (custom_roles::id, custom_roles::name).nullable(),
            members::since,
        ))
        .load(connection)?;
    let to_api = |((person, name, email), role, custom, since): Row| {
        let member = Member {
            person: person.clone(),
            name,
            email,
            role: Some(role.parse().unwrap_or(ProjectRole::Consumer)),
            custom_role: custom.map(|(id, name)| CustomRoleName { id, name }),
            since: Some(since),
            groups: Vec::new(),
            version: 0,
        };
        (person, member)
    };
    Ok(rows.into_iter().map(to_api).collect())
}

fn through_groups(
    connection: &mut Connection,
    project: &Project,
) -> Result<Vec<(String, String, String, GroupName)>> {
    use schema::{group_members, groups, project_groups, users};
    type Row = ((String, String, String), (String, String));
    let here = project_groups::group_id.eq(groups::id).and(project_groups::project_id.eq(&project.row.id));
    let rows: Vec<Row> = group_members::table
        .inner_join(users::table)
        .inner_join(groups::table)
        .inner_join(project_groups::table.on(here))
        .select(((users::id, users::name, users::email), (groups::id, groups::name)))
        .load(connection)?;
    let to_api =
        |((person, name, email), (id, group)): Row| (person, name, email, GroupName { id, name: group });
    Ok(rows.into_iter().map(to_api).collect())
}

/// People of the organization who have no role of their own here, by name.
pub(super) fn candidates(
    connection: &mut Connection,
    access: &Access<Project, CreateMember>,
    search: Option<&str>,
) -> Result<Vec<Candidate>> {
    use schema::{organization_members as people, project_members as members, users};
    let project = access.row();
    let already = members::table.filter(members::project_id.eq(&project.row.id)).select(members::user_id);
    let rows: Vec<(String, String, String)> = people::table
        .inner_join(users::table)
        .filter(people::organization_id.eq(&project.organization.id))
        .filter(people::disabled_at.is_null())
        .filter(people::user_id.ne_all(already))
        .select((users::id, users::name, users::email))
        .load(connection)?;
    let mut found: Vec<Candidate> = rows
        .into_iter()
        .filter(|(_, name, email)| matches(search, &[name, email]))
        .map(|(person, name, email)| Candidate { person, name, email })
        .collect();
    found.sort_by_cached_key(|candidate| by_name(&candidate.name, &candidate.person));
    found.truncate(CANDIDATES);
    Ok(found)
}
