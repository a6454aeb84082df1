//! Volumes that nobody needs any more.

use super::{room, volumes};
use crate::app::App;
use crate::db::Connection;
use atelier_sandbox::Error;

/// Removes volumes without a row, of copies that were cut off, of deleted projects, of data that the trash has forgotten, and beyond the limit.
///
/// # Errors
/// If Docker or the database does not answer.
pub async fn sweep(app: &App) -> anyhow::Result<()> {
    let mut cut_off = app.db.read(volumes::half).await?;
    cut_off.retain(|name| !app.mounts.is_at_work(name));
    if !cut_off.is_empty() {
        let forget = move |connection: &mut Connection| {
            cut_off.iter().try_for_each(|name| volumes::forget(connection, name))
        };
        app.db.write(forget).await?;
    }
    app.db.admit(volumes::put_away_unneeded).await?;
    room::keep_below(app).await?;
    // First the volumes, then the rows: rows are written before volumes are made.
    let there = app.docker.data_volumes(app.workloads.installation()).await?;
    let known = app.db.read(volumes::names).await?;
    for name in there.iter().filter(|name| !known.contains(name)) {
        match app.docker.remove_volume(name).await {
            // A container that has it still goes.
            Ok(()) | Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
