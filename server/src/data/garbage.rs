//! What no version and no upload needs leaves the stores. For the server, which acts for nobody.

use crate::app::App;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use crate::objects;
use crate::storage;
use actix_web::web;
use atelier_store::{Collected, Collection, PackId, Root, Store};
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// After the start of a server, at the latest.
const FIRST: Duration = Duration::from_secs(600);

/// All that the store of a project must keep.
#[derive(Default)]
pub struct Kept {
    pub roots: Vec<Root>,
    /// Of uploads that have not ended.
    pub packs: Vec<PackId>,
}

/// Runs until the server ends, on one server at a time.
pub async fn collect_regularly(app: web::Data<App>) {
    let every = Duration::from_secs(app.config.garbage_every_seconds.into());
    let mut tick = interval_at(Instant::now() + FIRST.min(every), every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        app.workloads.lease().gained().await;
        if let Err(error) = collect_all(&app).await {
            tracing::warn!(%error, "could not collect garbage");
        }
    }
}

async fn collect_all(app: &App) -> Result<()> {
    let (mut live, mut garbage) = (0, 0);
    for project in app.db.read(projects).await? {
        if app.workloads.lease().fence().is_none() {
            return Ok(());
        }
        let store = app.objects.of(&project).await?;
        let id = project.clone();
        let kept = app.db.read(move |connection| kept(connection, &id)).await?;
        // What cannot be read may be needed: then nothing of this project goes.
        match collect(&store, &kept, false).await {
            Ok(found) => {
                live += found.live.bytes;
                garbage += found.garbage_bytes;
                app.db
                    .write(move |connection| storage::changed(connection, std::slice::from_ref(&project)))
                    .await?;
            }
            Err(error) => tracing::error!(project, %error, "no garbage is collected here"),
        }
    }
    let data = &app.metrics.data;
    data.live.set(live.cast_signed());
    data.garbage.set(garbage.cast_signed());
    data.collected_at.set(now() / 1000);
    Ok(())
}

/// Removes what is not kept, or tells what would be removed.
///
/// # Errors
/// If something that is kept is not there, or the store fails.
pub async fn collect(store: &Store, kept: &Kept, dry_run: bool) -> atelier_store::Result<Collected> {
    let garbage = Collection { keep: &kept.roots, keep_packs: &kept.packs, now: SystemTime::now(), dry_run };
    store.collect(&garbage).await
}

/// Those that have, or had, anything in a store.
pub fn projects(connection: &mut Connection) -> Result<BTreeSet<String>> {
    use schema::{data_versions as versions, uploads};
    let versions: Vec<String> = versions::table.select(versions::project_id).distinct().load(connection)?;
    let uploads: Vec<String> = uploads::table.select(uploads::project_id).distinct().load(connection)?;
    Ok(versions.into_iter().chain(uploads).collect())
}

/// What the versions of a project need that the trash has not forgotten, and uploads that have not ended.
pub fn kept(connection: &mut Connection, project_id: &str) -> Result<Kept> {
    use schema::{data_versions as versions, upload_packs as packs, uploads};
    let mut roots: BTreeSet<String> = versions::table
        .filter(versions::project_id.eq(project_id))
        .filter(versions::removed_at.is_null())
        .select(versions::root)
        .load::<String>(connection)?
        .into_iter()
        .collect();
    let open: Vec<(String, String)> = uploads::table
        .filter(uploads::project_id.eq(project_id))
        .filter(uploads::number.is_null())
        .select((uploads::base_root, uploads::root))
        .load(connection)?;
    roots.extend(open.into_iter().flat_map(|(base, root)| [base, root]));
    let sent: Vec<String> = packs::table
        .inner_join(uploads::table)
        .filter(uploads::project_id.eq(project_id))
        .filter(uploads::number.is_null())
        .select(packs::pack)
        .load(connection)?;
    let roots = roots.iter().map(|root| objects::root(root)).collect::<Result<_>>()?;
    let packs = sent.iter().map(|pack| pack.parse().map_err(Error::internal)).collect::<Result<_>>()?;
    Ok(Kept { roots, packs })
}
