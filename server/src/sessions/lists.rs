//! Which sessions a person may see: the same rules as for one, as SQL.

use super::store::{self, Rows};
use crate::access::{Access, ReadOrganization, ReadSession};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::Organization;
use crate::projects::Project;
use atelier_api::role::{Action, Object};
use diesel::prelude::*;

/// The sessions of a project.
pub(super) fn of_project(
    connection: &mut Connection,
    access: &Access<Project, ReadSession>,
) -> Result<Vec<Rows>> {
    use schema::workloads;
    let project_id = access.row().row.id.clone();
    let others = access.may(Object::Session, Action::Read, false);
    let caller = access.caller().user.id.clone();
    store::load(connection, move |all| {
        let all = all.filter(workloads::project_id.eq(project_id));
        if others { all } else { all.filter(workloads::owner_id.eq(caller)) }
    })
}

/// The sessions of an organization: all of them with a role that reaches all, else those of the projects in
/// which the caller's role shows them.
pub(super) fn of_organization(
    connection: &mut Connection,
    access: &Access<Organization, ReadOrganization>,
) -> Result<Vec<Rows>> {
    use schema::{project_members as members, projects, workloads};
    let caller = access.caller().user.id.clone();
    let organization_id = access.row().id.clone();
    let alive: Vec<String> = projects::table
        .filter(projects::organization_id.eq(&organization_id))
        .filter(projects::deleted_at.is_null())
        .select(projects::id)
        .load(connection)?;
    if access.may(Object::Session, Action::Read, false) {
        return store::load(connection, move |all| all.filter(workloads::project_id.eq_any(alive)));
    }
    let holders = access.policy().roles_with(Object::Session, Action::Read);
    let words = |roles: Vec<atelier_policies::RoleName>| -> Vec<String> {
        roles.into_iter().map(|role| role.as_str().to_owned()).collect()
    };
    let (any, own) = (words(holders.any), words(holders.own));
    let mine: Vec<(String, String)> = members::table
        .filter(members::user_id.eq(&caller))
        .filter(members::project_id.eq_any(&alive))
        .select((members::project_id, members::role))
        .load(connection)?;
    let with = |roles: &[String]| -> Vec<String> {
        let held = mine.iter().filter(|(_, role)| roles.contains(role));
        held.map(|(project, _)| project.clone()).collect()
    };
    let (all_of, own_of) = (with(&any), with(&own));
    store::load(connection, move |all| {
        all.filter(
            workloads::project_id
                .eq_any(all_of)
                .or(workloads::project_id.eq_any(own_of).and(workloads::owner_id.eq(caller))),
        )
    })
}
