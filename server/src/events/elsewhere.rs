//! Changes of other servers on the same PostgreSQL, and ours for them: by LISTEN and NOTIFY on a connection and
//! a thread of their own. On SQLite there is no other server.

use super::hub::{Change, Hub};
use crate::db;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use diesel::{PgConnection, QueryResult};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// PostgreSQL refuses 8000 bytes and more.
const LONGEST: usize = 7900;
/// Lines of a build's log are cut to this many characters, of which each is at most six bytes in JSON.
const LONGEST_LINE: usize = 1000;
/// Changes told in one query.
const BATCH: usize = 100;
/// Between two looks for what others told; libpq has no way to wait for both.
const LOOK: Duration = Duration::from_millis(50);
const CONNECT_AGAIN: Duration = Duration::from_millis(500);

/// What goes over the wire.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    /// The server that tells it, which hears itself, too.
    from: String,
    change: Change,
}

/// What this server has to tell.
pub(super) struct Ours {
    pub(super) changes: Receiver<Change>,
    /// Set when there was no room for a change.
    pub(super) lost: Arc<AtomicBool>,
}

/// Carries changes both ways until `ours` ends.
pub(super) fn carry(url: &str, hub: &Hub, from: &str, ours: &Ours) {
    let mut said = false;
    loop {
        match connected(url, hub, from, ours, &mut said) {
            Ok(()) => return,
            Err(error) => {
                if !std::mem::replace(&mut said, true) {
                    tracing::warn!(error, "other servers are not heard; it is tried again");
                }
                std::thread::sleep(CONNECT_AGAIN);
            }
        }
    }
}

/// As long as one connection lasts; `Ok` at the end of the server.
fn connected(url: &str, hub: &Hub, from: &str, ours: &Ours, said: &mut bool) -> Result<(), String> {
    let mut connection = db::listener(url).map_err(|error| error.to_string())?;
    let words = |error: diesel::result::Error| error.to_string();
    diesel::sql_query("SET statement_timeout = '5s'").execute(&mut connection).map_err(words)?;
    diesel::sql_query("LISTEN atelier_changes").execute(&mut connection).map_err(words)?;
    // What was told meanwhile is lost, here and there; whoever looks at a page fetches it again.
    while ours.changes.try_recv().is_ok() {}
    tell(&mut connection, from, vec![Change::Missed]).map_err(words)?;
    hub.tell_here(Change::Missed);
    if std::mem::take(said) {
        tracing::info!("other servers are heard again");
    }
    loop {
        match ours.changes.recv_timeout(LOOK) {
            Ok(first) => {
                let lost = ours.lost.swap(false, Ordering::Relaxed).then_some(Change::Missed);
                let rest = ours.changes.try_iter().take(BATCH - 1);
                let batch = std::iter::once(first).chain(rest).chain(lost).collect();
                tell(&mut connection, from, batch).map_err(words)?;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        for notification in connection.notifications_iter() {
            let payload = notification.map_err(words)?.payload;
            match serde_json::from_str::<Told>(&payload) {
                Ok(told) if told.from == from => {}
                Ok(told) => hub.tell_here_from_elsewhere(told.change),
                // A newer server tells what this one does not know.
                Err(_) => hub.tell_here_from_elsewhere(Change::Missed),
            }
        }
    }
}

fn tell(connection: &mut PgConnection, from: &str, changes: Vec<Change>) -> QueryResult<()> {
    let payloads: Vec<String> = changes.into_iter().map(|change| payload(from, change)).collect();
    diesel::sql_query("SELECT pg_notify('atelier_changes', payload) FROM unnest($1) AS payload")
        .bind::<Array<Text>, _>(payloads)
        .execute(connection)?;
    Ok(())
}

fn payload(from: &str, mut change: Change) -> String {
    if let Change::BuildLine { line, .. } = &mut change
        && let Some((end, _)) = line.char_indices().nth(LONGEST_LINE)
    {
        line.truncate(end);
    }
    let json = |change| serde_json::to_string(&Told { from: from.to_owned(), change }).unwrap_or_default();
    let whole = json(change);
    if whole.len() > LONGEST { json(Change::Missed) } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_fits() {
        let line = |line: String| Change::BuildLine { environment: "e".into(), line };
        for long in ["\u{1}", "x", "é", "🦀", "\""] {
            let told = payload("server", line(long.repeat(20_000)));
            assert!(told.len() < LONGEST, "{}", told.len());
            let told: Told = serde_json::from_str(&told).unwrap();
            assert_eq!(told.change, line(long.repeat(LONGEST_LINE)));
        }
        let long = Change::Environment { id: "x".repeat(9000) };
        let told: Told = serde_json::from_str(&payload("server", long)).unwrap();
        assert_eq!(told.change, Change::Missed);
    }
}
