//! What the agents report, taken as it comes. An agent is believed about its own workload only.

use super::{status, tell};
use crate::app::App;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use actix_web::web::Data;
use atelier_api::channel::Report;
use diesel::prelude::*;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;

const AGAIN: Duration = Duration::from_secs(2);
/// As long as a tool that says nothing is waited for.
const TRIES: u32 = 60;

/// Runs until the server ends.
pub(super) async fn take(app: Data<App>, mut reports: Receiver<(String, i64, Report)>) {
    while let Some((id, generation, report)) = reports.recv().await {
        let ready = report == Report::Ready;
        if let Err(error) = one(&app, &id, generation, report).await {
            tracing::warn!(workload = id, %error, "a report could not be written");
            if ready {
                // It is said once per connection, and a session that never says it is given up.
                tokio::spawn(ready_again(app.clone(), id, generation));
            }
        }
    }
}

async fn ready_again(app: Data<App>, id: String, generation: i64) {
    for _ in 0..TRIES {
        tokio::time::sleep(AGAIN).await;
        if one(&app, &id, generation, Report::Ready).await.is_ok() {
            return;
        }
    }
}

async fn one(app: &App, id: &str, generation: i64, report: Report) -> Result<()> {
    let key = id.to_owned();
    let project_id = match report {
        Report::Hello { .. } => None,
        Report::Ready => {
            let up = app.db.write(move |connection| match status::ready(connection, &key, generation)? {
                true => {
                    Ok(project(connection, &key, generation)?.zip(asked_at(connection, &key, generation)?))
                }
                false => Ok(None),
            });
            up.await?.map(|(project_id, asked_at)| {
                let waited = now().saturating_sub(asked_at).max(0);
                app.metrics.starts.ready.observe(waited as f64 / 1000.0);
                project_id
            })
        }
        Report::Activity(activity) => match app.workloads.0.latest.note(id, generation, activity) {
            true => app.db.read(move |connection| project(connection, &key, generation)).await?,
            false => None,
        },
        Report::OutOfMemory { used_bytes, limit_bytes } => {
            let signed = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
            let figures = (signed(used_bytes), signed(limit_bytes));
            app.db
                .write(move |connection| {
                    status::out_of_memory(connection, &key, generation, figures)?;
                    project(connection, &key, generation)
                })
                .await?
        }
        Report::Sent { id: asked, problem } => {
            app.workloads.0.sends.done(id, asked, problem);
            None
        }
        // Docker tells how it ended, too; this is only sooner.
        Report::ToolExited { .. } => {
            app.workloads.wake();
            None
        }
    };
    if let Some(project_id) = project_id {
        tell(app, &project_id, id);
    }
    Ok(())
}

/// The project of the workload, if this generation is its current one.
fn project(connection: &mut Connection, id: &str, generation: i64) -> Result<Option<String>> {
    use schema::workloads;
    Ok(workloads::table
        .find(id)
        .filter(workloads::generation.eq(generation))
        .select(workloads::project_id)
        .first(connection)
        .optional()?)
}

/// When somebody asked for this start.
fn asked_at(connection: &mut Connection, id: &str, generation: i64) -> Result<Option<i64>> {
    use schema::workload_starts as starts;
    Ok(starts::table.find((id, generation)).select(starts::asked_at).first(connection).optional()?)
}
