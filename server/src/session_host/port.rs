//! Rows of sessions' ports, for hosts without names of their own for sessions.

use crate::config::Ports;
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use atelier_api::session::SessionState;
use diesel::prelude::*;

/// The session's port: the one that it has, else a free one, else the one whose session has been without
/// need of it for longest. Call it in `Db::admit`.
///
/// # Errors
/// If all ports are needed.
pub(super) fn assign(connection: &mut Connection, workload_id: &str, ports: &Ports, now: i64) -> Result<u16> {
    use schema::{session_ports as assigned, workload_status as status, workloads};
    type Row = (i64, String, Option<String>, Option<i64>);
    let rows: Vec<Row> = assigned::table
        .inner_join(workloads::table.left_join(status::table))
        .order(assigned::since)
        .select((assigned::port, workloads::id, status::state.nullable(), workloads::deleted_at))
        .load(connection)?;
    let valid = |port: i64| u16::try_from(port).ok().filter(|port| ports.contains(*port));
    let own = rows.iter().find(|(_, id, ..)| id == workload_id).map(|(port, ..)| *port);
    if let Some(port) = own.and_then(valid) {
        return Ok(port);
    }
    let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
    let unneeded =
        |row: &&Row| row.3.is_some() || row.2.as_deref().is_some_and(|state| over.contains(&state));
    let free = ports.iter().find(|port| !rows.iter().any(|(taken, ..)| *taken == i64::from(*port)));
    let left = || rows.iter().filter(unneeded).find_map(|(port, ..)| valid(*port));
    let port = free.or_else(left).ok_or_else(|| {
        let detail = "All ports for sessions are in use. Stop a session, or ask whoever runs the server for a \
                      wider range (setting session_ports).";
        Error::conflict("no-port", detail)
    })?;
    let before =
        assigned::table.filter(assigned::workload_id.eq(workload_id).or(assigned::port.eq(i64::from(port))));
    diesel::delete(before).execute(connection)?;
    diesel::insert_into(assigned::table)
        .values((
            assigned::port.eq(i64::from(port)),
            assigned::workload_id.eq(workload_id),
            assigned::since.eq(now),
        ))
        .execute(connection)?;
    Ok(port)
}

/// The session whose port this is.
pub(super) fn session_on(connection: &mut Connection, port: u16) -> Result<Option<String>> {
    use schema::session_ports as assigned;
    let found = assigned::table.find(i64::from(port)).select(assigned::workload_id);
    Ok(found.first(connection).optional()?)
}

/// # Errors
/// If there is more than one organization: what runs in a session on a port of the application's host can
/// set cookies of the application, which tenants must not do to each other.
pub fn only_for_one_organization(connection: &mut Connection) -> Result<()> {
    let count: i64 = schema::organizations::table.count().get_result(connection)?;
    if count > 1 { Err(for_one()) } else { Ok(()) }
}

/// Why there is no second organization.
pub fn for_one() -> Error {
    let detail = "While sessions have ports on the application's host (setting session_ports), there can be \
                  one organization only. Give sessions a domain of their own (setting session_domain) first.";
    Error::conflict("session-ports", detail)
}
