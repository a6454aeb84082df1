//! The trees of deleted projects go when the trash would forget them. Acts for nobody.

use crate::app::App;
use crate::data;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::files::forget_restrictions;
use crate::uploads;
use actix_web::web;
use atelier_api::role::Object;
use diesel::prelude::*;
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
            tracing::warn!(%error, "could not remove the trees of deleted projects");
        }
    }
}

async fn sweep(app: &App) -> Result<()> {
    let deleted_by = now() - data::TRASH_MS;
    for tree in [Object::File, Object::Result] {
        for project in app.db.read(move |connection| due(connection, tree, deleted_by)).await? {
            // Each alone: one may have very many versions. Nobody undoes the deletion of a project.
            let remove = move |connection: &mut Connection| {
                uploads::draft::remove_drafts(connection, tree, &project)?;
                if tree == Object::File {
                    forget_restrictions(connection, &project)?;
                }
                data::remove_all(connection, tree, &project)
            };
            app.db.write(remove).await?;
        }
    }
    Ok(())
}

/// The projects that were deleted by then and have versions of this tree.
pub(super) fn due(connection: &mut Connection, tree: Object, deleted_by: i64) -> Result<Vec<String>> {
    use schema::{data_versions as versions, projects};
    Ok(versions::table
        .inner_join(projects::table)
        .filter(versions::object.eq(tree.as_str()))
        .filter(versions::removed_at.is_null())
        .filter(projects::deleted_at.le(deleted_by))
        .select(versions::project_id)
        .distinct()
        .load(connection)?)
}
