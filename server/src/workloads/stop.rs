//! Ending a container: asked nicely by its own channel, then by Docker.

use super::{status, tell};
use crate::app::App;
use crate::db::{Connection, schema};
use actix_web::web::Data;
use atelier_api::channel::Order;
use atelier_api::session::EndCause;
use atelier_sandbox::{Error, Seen, State};
use diesel::prelude::*;
use std::time::Duration;

/// For the tool to save what it has.
const GRACE: Duration = Duration::from_secs(10);
/// For its files to be saved then. What could not be is in the folder, and is sent at the next start.
const SAVE: Duration = Duration::from_secs(30);
/// Between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(200);

/// Ends the container.
///
/// # Errors
/// If Docker does not answer or refuses; the next pass tries again.
pub(super) async fn stop(app: Data<App>, container: Seen, project_id: Option<String>) -> anyhow::Result<()> {
    let mut save = SAVE;
    if let Some(identity) = &container.identity {
        let (id, generation) = (identity.workload.clone(), identity.generation);
        let stopping = move |connection: &mut Connection| {
            status::stopping(connection, &id, generation)?;
            cause(connection, &id)
        };
        // What it wrote is what is too much: then nothing more of it goes to the disk.
        if app.db.write(stopping).await? == Some(EndCause::Disk) {
            save = Duration::ZERO;
        }
        if let Some(project_id) = project_id {
            tell(&app, &project_id, &identity.workload);
        }
    }
    Ok(end(&app, &container, save).await?)
}

/// Why it was asked to stop.
fn cause(connection: &mut Connection, id: &str) -> crate::error::Result<Option<EndCause>> {
    use schema::workloads;
    let found = workloads::table.find(id).select(workloads::stop_cause).first::<Option<String>>(connection);
    Ok(found.optional()?.flatten().and_then(|word| word.parse().ok()))
}

async fn end(app: &App, container: &Seen, save: Duration) -> Result<(), Error> {
    let [grace_ms, save_ms] = [GRACE, save].map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    let ordered = container.identity.as_ref().is_some_and(|identity| {
        app.channels.connected(&identity.workload) == Some(identity.generation)
            && app.channels.order(&identity.workload, Order::Stop { grace_ms, save_ms })
    });
    // A paused container hears nothing.
    if ordered && container.state == State::Running && ends_by_itself(app, &container.name, save).await? {
        return Ok(());
    }
    let grace = if ordered { Duration::from_secs(1) } else { GRACE };
    match app.docker.stop(&container.name, grace).await {
        Ok(()) | Err(Error::NotFound(_)) => Ok(()),
        // A paused container cannot be asked, only ended.
        Err(Error::Refused(_) | Error::Conflict(_)) => app.docker.kill(&container.name).await,
        Err(error) => Err(error),
    }
}

async fn ends_by_itself(app: &App, name: &str, save: Duration) -> Result<bool, Error> {
    let deadline = tokio::time::Instant::now() + GRACE + save + Duration::from_secs(1);
    while tokio::time::Instant::now() < deadline {
        match app.docker.inspect(name).await {
            Ok(seen) if seen.state == State::Running => tokio::time::sleep(LOOK).await,
            Ok(_) | Err(Error::NotFound(_)) => return Ok(true),
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}
