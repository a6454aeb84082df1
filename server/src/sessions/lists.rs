//! Which sessions a person may see: the same rules as for one, as SQL.

use super::store::{self, Rows};
use crate::access::{Access, Reachable, ReadOrganization, ReadSession, Viewer};
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
    use schema::{projects, workloads};
    let viewer = Viewer::of(connection, access)?;
    let reachable = viewer.reachable(Object::Session);
    let alive: Vec<String> = projects::table
        .filter(projects::organization_id.eq(&viewer.organization_id))
        .filter(projects::deleted_at.is_null())
        .select(projects::id)
        .load(connection)?;
    store::load(connection, move |all| {
        let all = all.filter(workloads::project_id.eq_any(alive));
        match reachable {
            Reachable::AllBut(never) => all.filter(workloads::project_id.ne_all(never)),
            Reachable::Only { any, own } => {
                let mine = workloads::project_id.eq_any(own).and(workloads::owner_id.eq(viewer.user_id));
                all.filter(workloads::project_id.eq_any(any).or(mine))
            }
        }
    })
}
