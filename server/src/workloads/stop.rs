//! Ending a container: asked nicely by its own channel, then by Docker.

use super::{status, tell};
use crate::app::App;
use actix_web::web::Data;
use atelier_api::channel::Order;
use atelier_sandbox::{Error, Seen, State};
use std::time::Duration;

/// For the tool to save what it has.
const GRACE: Duration = Duration::from_secs(10);
/// Between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(200);

/// Ends the container.
///
/// # Errors
/// If Docker does not answer or refuses; the next pass tries again.
pub(super) async fn stop(app: Data<App>, container: Seen, project_id: Option<String>) -> anyhow::Result<()> {
    if let Some(identity) = &container.identity {
        let (id, generation) = (identity.workload.clone(), identity.generation);
        app.db.write(move |connection| status::stopping(connection, &id, generation)).await?;
        if let Some(project_id) = project_id {
            tell(&app, &project_id, &identity.workload);
        }
    }
    Ok(end(&app, &container).await?)
}

async fn end(app: &App, container: &Seen) -> Result<(), Error> {
    let grace_ms = u64::try_from(GRACE.as_millis()).unwrap_or(u64::MAX);
    let ordered = container.identity.as_ref().is_some_and(|identity| {
        app.channels.connected(&identity.workload) == Some(identity.generation)
            && app.channels.order(&identity.workload, Order::Stop { grace_ms })
    });
    // A paused container hears nothing.
    if ordered && container.state == State::Running && ends_by_itself(app, &container.name).await? {
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

async fn ends_by_itself(app: &App, name: &str) -> Result<bool, Error> {
    let deadline = tokio::time::Instant::now() + GRACE + Duration::from_secs(1);
    while tokio::time::Instant::now() < deadline {
        match app.docker.inspect(name).await {
            Ok(seen) if seen.state == State::Running => tokio::time::sleep(LOOK).await,
            Ok(_) | Err(Error::NotFound(_)) => return Ok(true),
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}
