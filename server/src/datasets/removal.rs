//! What the trash has kept for long enough goes. Acts for nobody.

use super::sharing;
use crate::app::App;
use crate::data;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::events::Change;
use actix_web::web;
use atelier_api::role::Object;
use diesel::prelude::*;
use schema::datasets;
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
    for (id, project_id) in app.db.read(move |connection| due(connection, trashed_by)).await? {
        // Each alone: one may have very many versions.
        app.db.admit(move |connection| remove(connection, &id, trashed_by)).await?;
        app.events.tell(Change::Datasets { project_id });
    }
    if app.db.read(move |connection| data::any_to_remove(connection, trashed_by)).await? {
        app.db.write(move |connection| data::remove_trashed(connection, trashed_by)).await?;
    }
    Ok(())
}

/// Id and project of the datasets that went into the trash by then, or whose project was deleted by then.
pub(super) fn due(connection: &mut Connection, trashed_by: i64) -> Result<Vec<(String, String)>> {
    use schema::projects;
    Ok(datasets::table
        .inner_join(projects::table)
        .filter(datasets::removed_at.is_null())
        .filter(datasets::trashed_at.le(trashed_by).or(projects::deleted_at.le(trashed_by)))
        .select((datasets::id, datasets::project_id))
        .load(connection)?)
}

/// Forgets one of them, unless it was taken out meanwhile. The row stays, its word becomes free.
pub(super) fn remove(connection: &mut Connection, id: &str, trashed_by: i64) -> Result<()> {
    if !due(connection, trashed_by)?.iter().any(|(due, _)| due == id) {
        return Ok(());
    }
    let slug: String = datasets::table.find(id).select(datasets::slug).first(connection)?;
    diesel::update(datasets::table.find(id))
        .set((datasets::removed_at.eq(now()), datasets::slug.eq(format!("{slug}~{id}"))))
        .execute(connection)?;
    sharing::end_all(connection, id)?;
    data::remove_all(connection, Object::Dataset, id)
}
