//! What runs for people whose right to it has ended.

use crate::access::HeldRole;
use crate::app::App;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::events::Change;
use crate::workloads::{Goal, request};
use atelier_api::role::{Action, Object, OrganizationRole};
use atelier_api::session::EndCause;
use atelier_policies::{Policy, RoleName};
use diesel::prelude::*;
use std::collections::HashMap;

/// Sessions that should no longer run, as project and session.
#[must_use = "whoever watches the sessions must be told"]
#[derive(Default)]
pub(crate) struct Revoked(Vec<(String, String)>);

impl Revoked {
    /// What a person runs in an organization. Call it in the transaction that ends the right.
    pub(crate) fn stop(connection: &mut Connection, user_id: &str, organization_id: &str) -> Result<Revoked> {
        Ok(Revoked(request::stop_all_of_person(connection, organization_id, user_id)?))
    }

    /// What people run in these projects of an organization though their roles no longer allow it. Call it
    /// after the roles are changed, in the same transaction.
    pub(crate) fn where_ended(
        connection: &mut Connection,
        policy: &Policy,
        organization_id: &str,
        projects: &[String],
    ) -> Result<Revoked> {
        use schema::workloads;
        let running: Vec<(String, String, String)> = workloads::table
            .filter(workloads::organization_id.eq(organization_id))
            .filter(workloads::project_id.eq_any(projects))
            .filter(workloads::wanted.eq(Goal::Running.as_str()))
            .select((workloads::project_id, workloads::owner_id, workloads::id))
            .load(connection)?;
        if running.is_empty() {
            return Ok(Revoked::default());
        }
        let owners: Vec<&str> = running.iter().map(|(_, owner, _)| owner.as_str()).collect();
        let roles = roles(connection, organization_id, projects, &owners)?;
        let mut ended = Vec::new();
        for (project_id, owner_id, id) in running {
            let key = (project_id, owner_id);
            let held = roles.get(&key).map(Vec::as_slice).unwrap_or_default();
            if !policy.decide(held, Object::Session, Action::Start, true) {
                request::stop(connection, &id, EndCause::Disabled)?;
                ended.push((key.0, id));
            }
        }
        Ok(Revoked(ended))
    }

    /// Call it after the change is committed.
    pub(crate) fn tell(self, app: &App) {
        app.workloads.wake();
        for (project_id, session_id) in self.0 {
            app.events.tell(Change::Session { project_id, session_id });
        }
    }
}

/// Roles of people in projects, with those in the organization, by project and person. Who is disabled has
/// none.
fn roles(
    connection: &mut Connection,
    organization_id: &str,
    projects: &[String],
    people: &[&str],
) -> Result<HashMap<(String, String), Vec<RoleName>>> {
    use schema::{organization_members as members, project_roles as held};
    let standing: HashMap<String, String> = members::table
        .filter(members::organization_id.eq(organization_id))
        .filter(members::user_id.eq_any(people))
        .filter(members::disabled_at.is_null())
        .select((members::user_id, members::role))
        .load::<(String, String)>(connection)?
        .into_iter()
        .collect();
    let rows: Vec<(String, String, String, Option<String>)> = held::table
        .filter(held::project_id.eq_any(projects))
        .filter(held::user_id.eq_any(people))
        .select((held::project_id, held::user_id, held::role, held::custom_role_id))
        .load(connection)?;
    let mut roles: HashMap<(String, String), Vec<RoleName>> = HashMap::new();
    for (project_id, user_id, base, custom) in rows {
        let Some(word) = standing.get(&user_id) else { continue };
        let in_organization = || word.parse::<OrganizationRole>().ok().map(RoleName::from);
        let all =
            roles.entry((project_id, user_id)).or_insert_with(|| in_organization().into_iter().collect());
        all.extend(HeldRole::from_row(&base, custom).map(|role| role.name()));
    }
    Ok(roles)
}
