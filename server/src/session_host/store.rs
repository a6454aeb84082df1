//! Rows of entries and cookies. Requests on a session's host have no guard: what they bring is looked up
//! here by its hash, and their right is decided from the rows by the same policy.

use crate::access::{Access, HeldRole, OpenSession, Policies, hash_token, new_token, roles_in_project};
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::organizations::Organization;
use crate::sessions::Session;
use atelier_api::role::{Action, Object, OrganizationRole};
use atelier_api::session::SessionState;
use atelier_policies::{Policy, RoleName};
use diesel::prelude::*;

/// Milliseconds for which an entry works.
const ENTRY: i64 = 60_000;

/// A new one-time code for the session, and when it expires.
pub(super) fn add_entry(
    connection: &mut Connection,
    access: &Access<Session, OpenSession>,
) -> Result<(String, i64)> {
    use schema::session_entries as entries;
    let (code, expires_at) = (new_token(), now() + ENTRY);
    diesel::insert_into(entries::table)
        .values((
            entries::code_hash.eq(hash_token(&code)),
            entries::workload_id.eq(&access.row().row.id),
            entries::sign_in_id.eq(access.caller().sign_in_id()?),
            entries::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok((code, expires_at))
}

/// Turns a code into a token for the cookie, and when that expires: with the sign-in that asked for the
/// code. `None` if there is no such code for this session, or it was used, or its time is over.
pub(super) fn use_entry(
    connection: &mut Connection,
    workload_id: &str,
    code: &str,
    now: i64,
) -> Result<Option<(String, i64)>> {
    use schema::{session_cookies as cookies, session_entries as entries, sign_ins};
    let hash = hash_token(code);
    let found = entries::table
        .inner_join(sign_ins::table.on(sign_ins::id.eq(entries::sign_in_id)))
        .filter(entries::code_hash.eq(&hash))
        .filter(entries::workload_id.eq(workload_id))
        .filter(entries::expires_at.gt(now))
        .filter(sign_ins::expires_at.gt(now))
        .select((sign_ins::id, sign_ins::expires_at))
        .first::<(String, i64)>(connection)
        .optional()?;
    let Some((sign_in_id, expires_at)) = found else { return Ok(None) };
    let unused = entries::table.find(&hash).filter(entries::used_at.is_null());
    if diesel::update(unused).set(entries::used_at.eq(now)).execute(connection)? == 0 {
        return Ok(None);
    }
    diesel::delete(entries::table.filter(entries::expires_at.lt(now))).execute(connection)?;
    diesel::delete(cookies::table.filter(cookies::expires_at.lt(now))).execute(connection)?;
    let token = new_token();
    diesel::insert_into(cookies::table)
        .values((
            cookies::token_hash.eq(hash_token(&token)),
            cookies::workload_id.eq(workload_id),
            cookies::sign_in_id.eq(sign_in_id),
            cookies::created_at.eq(now),
            cookies::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok(Some((token, expires_at)))
}

/// What a browser with a valid cookie may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Admitted {
    pub(super) state: SessionState,
    /// The session's page in the application, without the origin.
    pub(super) page: String,
}

/// What the memberships and the session itself say.
#[derive(Queryable)]
struct Row {
    owner_id: String,
    user_id: String,
    organization: Organization,
    project_id: String,
    project: String,
    role: String,
    state: Option<String>,
}

/// Whether the cookie's person may use the session now.
pub(super) fn admitted(
    connection: &mut Connection,
    policies: &Policies,
    workload_id: &str,
    token_hash: &str,
    now: i64,
) -> Result<Option<Admitted>> {
    use schema::{
        organization_members as people, organizations, projects, session_cookies as cookies, sign_ins,
        workload_status as status, workloads,
    };
    let person =
        people::user_id.eq(sign_ins::user_id).and(people::organization_id.eq(workloads::organization_id));
    let found = cookies::table
        .inner_join(workloads::table)
        .inner_join(sign_ins::table.on(sign_ins::id.eq(cookies::sign_in_id)))
        .inner_join(people::table.on(person))
        .inner_join(organizations::table.on(organizations::id.eq(workloads::organization_id)))
        .inner_join(projects::table.on(projects::id.eq(workloads::project_id)))
        .left_join(status::table.on(status::workload_id.eq(workloads::id)))
        .filter(cookies::token_hash.eq(token_hash))
        .filter(cookies::workload_id.eq(workload_id))
        .filter(cookies::expires_at.gt(now))
        .filter(sign_ins::expires_at.gt(now))
        .filter(people::disabled_at.is_null())
        .filter(workloads::deleted_at.is_null())
        .filter(projects::deleted_at.is_null())
        .select((
            workloads::owner_id,
            sign_ins::user_id,
            Organization::as_select(),
            projects::id,
            projects::slug,
            people::role,
            status::state.nullable(),
        ))
        .first::<Row>(connection)
        .optional()?;
    let Some(row) = found else { return Ok(None) };
    let policy = policies.of(connection, Some(&row.organization))?;
    let held = roles_in_project(connection, &row.project_id, &row.user_id)?;
    Ok(row.permitted(&policy, &held).then(|| Admitted {
        page: format!("/{}/{}/sessions/{workload_id}", row.organization.slug, row.project),
        state: row.state.and_then(|state| state.parse().ok()).unwrap_or(SessionState::Starting),
    }))
}

impl Row {
    fn permitted(&self, policy: &Policy, held: &[HeldRole]) -> bool {
        let in_organization = self.role.parse::<OrganizationRole>().ok().map(RoleName::from);
        let roles: Vec<RoleName> =
            in_organization.into_iter().chain(held.iter().map(HeldRole::name)).collect();
        let owns = self.owner_id == self.user_id;
        let may = |action| policy.decide(&roles, Object::Session, action, owns);
        may(Action::Read) && may(Action::Open)
    }
}
