//! What the trash has kept for long enough goes. Acts for nobody.

use super::noun::Noun;
use super::table::Table;
use crate::app::App;
use crate::data;
use crate::datasets::Datasets;
use crate::db::{Connection, now};
use crate::error::Result;
use crate::models::Models;
use actix_web::web;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(600);

/// Runs until the server ends, on one server at a time.
pub async fn sweep_regularly(app: web::Data<App>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        app.workloads.lease().gained().await;
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "could not empty the trash");
        }
    }
}

async fn sweep(app: &App) -> Result<()> {
    let trashed_by = now() - data::TRASH_MS;
    sweep_all::<Datasets>(app, trashed_by).await?;
    sweep_all::<Models>(app, trashed_by).await?;
    if app.db.read(move |connection| data::any_to_remove(connection, trashed_by)).await? {
        app.db.write(move |connection| data::remove_trashed(connection, trashed_by)).await?;
    }
    Ok(())
}

async fn sweep_all<N: Noun>(app: &App, trashed_by: i64) -> Result<()> {
    for (id, project_id) in app.db.read(move |connection| N::Rows::due(connection, trashed_by)).await? {
        // Each alone: one may have very many versions.
        app.db.admit(move |connection| remove::<N>(connection, &id, trashed_by)).await?;
        app.events.tell(N::changed(project_id));
    }
    Ok(())
}

/// Forgets one of them, unless it was taken out meanwhile.
pub(super) fn remove<N: Noun>(connection: &mut Connection, id: &str, trashed_by: i64) -> Result<()> {
    if !N::Rows::due(connection, trashed_by)?.iter().any(|(due, _)| due == id) {
        return Ok(());
    }
    N::Rows::forget(connection, id)?;
    N::forgotten(connection, id)?;
    data::remove_all(connection, N::TYPE, id)
}
