//! Room for data on the host: what was not used for longest goes.

use super::Limits;
use super::volumes::{self, Tree};
use crate::app::App;
use crate::disk;
use crate::error::Result;
use crate::workloads::failure;
use atelier_api::session::Failure;

/// Makes room for a tree of this size.
///
/// # Errors
/// The inner one, if there is none, because containers have what is there.
pub(super) async fn make(app: &App, tree: &Tree, bytes: i64) -> Result<Result<(), Failure>> {
    let limit = Limits::of(app).host;
    let counted = tree.clone();
    let mut taken = app.db.read(move |connection| volumes::bytes_beside(connection, &counted)).await?;
    loop {
        let over = limit > 0 && taken.saturating_add(bytes) > limit;
        let short = disk::lacks(app, bytes);
        if !over && short.is_none() {
            return Ok(Ok(()));
        }
        match put_away_one(app).await? {
            Some(freed) => taken = taken.saturating_sub(freed),
            None if over => return Ok(Err(in_use(limit))),
            None => {
                return Ok(short.map_or(Ok(()), |short| Err(failure("data-no-room", short.for_data(bytes)))));
            }
        }
    }
}

/// Keeps what is on the host below the limit, as far as no container has it.
pub(super) async fn keep_below(app: &App) -> Result<()> {
    let limit = Limits::of(app).host;
    // Of no tree, so that all are counted.
    let none = Tree { project_id: String::new(), root: String::new() };
    let mut taken = app.db.read(move |connection| volumes::bytes_beside(connection, &none)).await?;
    while limit > 0 && taken > limit {
        match put_away_one(app).await? {
            Some(freed) => taken = taken.saturating_sub(freed),
            None => break,
        }
    }
    Ok(())
}

/// Gives the bytes of the volume that went.
async fn put_away_one(app: &App) -> Result<Option<i64>> {
    let Some((name, bytes)) = app.db.admit(volumes::put_away_one).await? else { return Ok(None) };
    // Nobody's from now on: if Docker does not remove it now, the sweep does.
    if let Err(error) = app.docker.remove_volume(&name).await {
        tracing::debug!(volume = name, %error, "it is removed later");
    }
    tracing::info!(volume = name, bytes, "data that nobody used was removed from the host");
    Ok(Some(bytes))
}

fn in_use(limit: i64) -> Failure {
    let detail = format!(
        "A host keeps {} MiB for data, and other sessions use what is there. Start it again when some of them have \
         ended, or with less data; an administrator can give more (setting data_cache_mib).",
        limit >> 20
    );
    failure("data-no-room", detail)
}
