//! At the server's start: the rows are made true, and images are built before anybody waits for them.

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::events::Change;
use actix_web::web::Data;
use atelier_api::environment::EnvironmentState;
use std::time::Duration;

/// While Docker does not answer, or a base image is still to come.
const AGAIN: Duration = Duration::from_secs(3);

/// A build that an earlier server did not live to see the end of is absent again, or ready if it was so far.
pub async fn repair(app: Data<App>) {
    app.workloads.lease().gained().await;
    let mut left: Vec<_> = app.environments.definitions().cloned().collect();
    while let Some(definition) = left.pop() {
        match app.docker.image(&definition.tag()).await {
            Ok(Some(image)) => app.environments.found(&app, &definition, &image).await,
            Ok(None) => {
                // Somebody may have asked for it meanwhile.
                if app.environments.build_under_way(&definition.about.id).is_some() {
                    continue;
                }
                let row = definition.clone();
                match app.db.write(move |connection| store::absent(connection, &row)).await {
                    Ok(true) => app.events.tell(Change::Environment { id: definition.about.id.clone() }),
                    Ok(false) => {}
                    Err(error) => tracing::warn!(%error, "could not note that an environment is absent"),
                }
            }
            Err(_) => {
                left.push(definition);
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// Builds all environments, each as soon as the images that it is built from are there.
pub async fn prepare_all(app: Data<App>) {
    app.workloads.lease().gained().await;
    let mut left: Vec<_> = app.environments.definitions().cloned().collect();
    while let Some(definition) = left.pop() {
        let mut has_bases = true;
        for base in definition.recipe.bases() {
            has_bases &= !base.starts_with("atelier/") || matches!(app.docker.image(base).await, Ok(Some(_)));
        }
        if !has_bases {
            left.insert(0, definition);
            tokio::time::sleep(AGAIN).await;
            continue;
        }
        let id = &definition.about.id;
        match app.environments.image(&app, id, None).await {
            Ok(image) => tracing::info!(environment = id, %image, "the environment is ready"),
            Err(failure) => {
                tracing::warn!(environment = id, detail = failure.detail, "the environment is not ready");
            }
        }
    }
}

/// Begins and breaks off what people asked of another server, which left it to the holder of the lease.
///
/// # Errors
/// If the database does not answer.
pub async fn follow_others(app: &Data<App>) -> Result<()> {
    if app.workloads.lease().fence().is_none() {
        return Ok(());
    }
    let rows = app.db.read(store::all).await?;
    for definition in app.environments.definitions() {
        let id = &definition.about.id;
        let Some(row) = rows.get(id).filter(|row| row.definition_hash == definition.hash) else { continue };
        let is = |state: EnvironmentState| row.state == state.as_str();
        match app.environments.build_under_way(id) {
            None if is(EnvironmentState::Building) => {
                app.environments.join_or_begin(app, definition.clone(), None);
            }
            // A build that has not written its row yet is none that anybody broke off.
            Some(running)
                if is(EnvironmentState::Cancelled)
                    && row.started_at.is_some_and(|at| at >= running.generation) =>
            {
                running.cancel();
            }
            _ => {}
        }
    }
    Ok(())
}
