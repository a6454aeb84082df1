//! What sessions' folders hold, looked at from outside: a session's own agent is in the session's hands. The
//! agent's program does it, started here on Docker's volumes, which needs the right to read them.

use super::reserve::of_docker;
use crate::app::App;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::workloads::Goal;
use actix_web::web::Data;
use anyhow::Context;
use atelier_api::channel::Disk;
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::process::Command;

/// Between two rounds; a round that took long is followed by a longer rest.
const EVERY: Duration = Duration::from_secs(10);
const REST: u32 = 10;
/// But never for longer, however busy the host is.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// Nobody's folders take longer to look through, even slowly.
const LIMIT: Duration = Duration::from_secs(600);

/// Of one start of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    generation: i64,
    begun_bytes: u64,
    used_bytes: u64,
}

/// The latest looks, by workload.
#[derive(Clone, Default)]
pub struct Outside(Arc<Mutex<HashMap<String, Seen>>>);

impl Outside {
    /// What the agent says, where it does not say less than what is there.
    pub(super) fn corrected(&self, id: &str, generation: i64, said: Option<Disk>) -> Option<Disk> {
        let seen = self.lock().get(id).copied().filter(|seen| seen.generation == generation);
        let Some(Seen { begun_bytes, used_bytes, .. }) = seen else { return said };
        let said = said.unwrap_or(Disk { used_bytes, begun_bytes, largest: Vec::new() });
        Some(Disk {
            used_bytes: said.used_bytes.max(used_bytes),
            begun_bytes: said.begun_bytes.min(begun_bytes),
            ..said
        })
    }

    fn note(&self, id: &str, generation: i64, used_bytes: u64) {
        let mut all = self.lock();
        let known = all.get(id).filter(|seen| seen.generation == generation);
        let begun_bytes = known.map_or(used_bytes, |seen| seen.begun_bytes);
        all.insert(id.to_owned(), Seen { generation, begun_bytes, used_bytes });
    }

    /// Runs until the server ends.
    pub async fn watch(self, app: Data<App>) {
        loop {
            let began = Instant::now();
            if let Err(error) = self.round(&app).await {
                tracing::debug!(
                    error = format!("{error:#}"),
                    "sessions' folders cannot be looked at from outside"
                );
            }
            tokio::time::sleep((began.elapsed() * REST).clamp(EVERY, LONGEST_REST)).await;
        }
    }

    /// New sessions first: what they began with is known only at their beginning.
    async fn round(&self, app: &App) -> anyhow::Result<()> {
        let mut sessions = app.db.read(folders).await?;
        self.lock().retain(|id, _| sessions.iter().any(|session| session.id == *id));
        let known = |session: &Folders| self.lock().contains_key(&session.id);
        sessions.sort_by_key(known);
        for session in sessions {
            let bytes = measure(app, &session.volumes).await?;
            self.note(&session.id, session.generation, bytes);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes in Docker's volumes of these names.
async fn measure(app: &App, volumes: &[String]) -> anyhow::Result<u64> {
    let agent = app.workloads.agent_program().context("there is no agent")?;
    let root = of_docker(app).context("Docker has not said where its folder is")?.join("volumes");
    let looking = Command::new(agent)
        .arg("measure")
        .args(volumes.iter().map(|name| root.join(name).join("_data")))
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(LIMIT, looking).await.context("it takes too long")??;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}

/// A running session and its volumes.
struct Folders {
    id: String,
    generation: i64,
    volumes: Vec<String>,
}

fn folders(connection: &mut Connection) -> Result<Vec<Folders>> {
    use schema::{volumes, workloads};
    let whose = volumes::project_id.eq(workloads::project_id).and(volumes::user_id.eq(workloads::owner_id));
    let rows: Vec<(String, i64, String)> = workloads::table
        .inner_join(volumes::table.on(whose))
        .filter(workloads::wanted.eq(Goal::Running.as_str()))
        .filter(volumes::prepared_at.is_not_null())
        .order(workloads::id)
        .select((workloads::id, workloads::generation, volumes::name))
        .load(connection)?;
    let mut found: Vec<Folders> = Vec::new();
    for (id, generation, volume) in rows {
        match found.last_mut().filter(|last| last.id == id) {
            Some(last) => last.volumes.push(volume),
            None => found.push(Folders { id, generation, volumes: vec![volume] }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(used: u64, begun: u64) -> Option<Disk> {
        Some(Disk { used_bytes: used, begun_bytes: begun, largest: Vec::new() })
    }

    #[test]
    fn an_agent_cannot_say_less_than_what_is_there() {
        let outside = Outside::default();
        assert_eq!(outside.corrected("w", 1, said(5, 1)), said(5, 1));
        assert_eq!(outside.corrected("w", 1, None), None);
        outside.note("w", 1, 3);
        outside.note("w", 1, 9);
        assert_eq!(outside.corrected("w", 1, None), said(9, 3), "a silent one");
        assert_eq!(outside.corrected("w", 1, said(0, u64::MAX)), said(9, 3), "a lying one");
        assert_eq!(outside.corrected("w", 1, said(12, 12)), said(12, 3), "one that sees deleted files");
        assert_eq!(outside.corrected("w", 2, said(5, 1)), said(5, 1), "another start");
    }
}
