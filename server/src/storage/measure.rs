//! Measuring what versions need: their trees are walked, their files are not read.

use super::usage::{self, Usage};
use super::{bill, clock};
use crate::app::App;
use crate::artifacts;
use crate::datasets;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::events::Change;
use crate::objects;
use actix_web::web;
use atelier_store::{Root, Shares};
use diesel::prelude::*;
use schema::{data_versions as versions, project_storage as storage, storage_parts as parts};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

const EVERY: Duration = Duration::from_secs(2);
/// After measuring a project it is left alone for so many times as long as it took.
const REST: u32 = 20;
const AFTER_A_FAULT: Duration = Duration::from_secs(60);

/// Runs until the server ends, on one server at a time.
pub async fn measure_regularly(app: web::Data<App>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut resting = HashMap::new();
    loop {
        tick.tick().await;
        app.workloads.lease().gained().await;
        if let Err(error) = measure_all(&app, &mut resting).await {
            tracing::warn!(%error, "what is stored could not be measured");
        }
    }
}

async fn measure_all(app: &App, resting: &mut HashMap<String, Instant>) -> Result<()> {
    resting.retain(|_, until| *until > Instant::now());
    for project_id in app.db.read(due).await? {
        if resting.contains_key(&project_id) {
            continue;
        }
        let begun = Instant::now();
        let rest = match measure(app, project_id.clone()).await {
            Ok(()) => {
                tell(app, project_id.clone()).await?;
                begun.elapsed() * REST
            }
            Err(error) => {
                tracing::warn!(project = project_id, %error, "what a project stores is not measured");
                AFTER_A_FAULT
            }
        };
        resting.insert(project_id, Instant::now() + rest);
    }
    Ok(())
}

/// Whoever sees something of this project's data fetches it anew.
async fn tell(app: &App, project_id: String) -> Result<()> {
    let id = project_id.clone();
    let borrowers = app.db.read(move |connection| datasets::borrowers(connection, &id)).await?;
    for project_id in borrowers.into_iter().chain([project_id]) {
        app.events.tell(Change::Datasets { project_id });
    }
    Ok(())
}

fn due(connection: &mut Connection) -> Result<Vec<String>> {
    let due = storage::table.filter(storage::changes.ne(storage::measured_changes));
    Ok(due.select(storage::project_id).load(connection)?)
}

async fn measure(app: &App, project_id: String) -> Result<()> {
    let known = app.db.read({
        let project_id = project_id.clone();
        move |connection| {
            // Before the versions: one that is made in between counts twice, but is measured again.
            let usage = usage::load(connection, &project_id)?;
            Ok((usage, holders(connection, &project_id)?))
        }
    });
    let (Some(usage), holders) = known.await? else { return Ok(()) };
    let roots: Vec<Vec<Root>> = holders.values().map(Holder::roots).collect::<Result<_>>()?;
    let shares = app.objects.of(&project_id).await?.shares(&roots).await?;
    let today = clock::today();
    app.db.admit(move |connection| written(connection, &usage, &holders, &shares, today)).await
}

/// What has versions, as the rows of its versions tell.
#[derive(Default)]
pub(super) struct Holder {
    versions: i64,
    bytes: i64,
    newest: Option<(i64, i64)>,
    roots: BTreeSet<String>,
}

impl Holder {
    pub(super) fn versions(&self) -> i64 {
        self.versions
    }

    pub(super) fn roots(&self) -> Result<Vec<Root>> {
        self.roots.iter().map(|root| objects::root(root)).collect()
    }

    fn add(&mut self, (number, root, bytes, trashed): (i64, String, i64, bool)) {
        self.versions += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        if !trashed {
            self.newest = self.newest.max(Some((number, bytes)));
        }
        self.roots.insert(root);
    }
}

/// By type and id. What is no dataset and no model is one for its whole type: what it consists of is not everybody's
/// to know.
pub(super) fn holders(
    connection: &mut Connection,
    project_id: &str,
) -> Result<BTreeMap<(String, String), Holder>> {
    type Row = (String, String, i64, String, i64, Option<i64>);
    let rows: Vec<Row> = versions::table
        .filter(versions::project_id.eq(project_id))
        .filter(versions::removed_at.is_null())
        .select((
            versions::object,
            versions::object_id,
            versions::number,
            versions::root,
            versions::bytes,
            versions::trashed_at,
        ))
        .load(connection)?;
    let mut holders: BTreeMap<_, Holder> = BTreeMap::new();
    for (object, object_id, number, root, bytes, trashed_at) in rows {
        let id = if artifacts::is_one(&object) { object_id } else { project_id.to_owned() };
        holders.entry((object, id)).or_default().add((number, root, bytes, trashed_at.is_some()));
    }
    Ok(holders)
}

/// Writes what was measured, unless somebody else has measured since `seen`.
pub(super) fn written(
    connection: &mut Connection,
    seen: &Usage,
    holders: &BTreeMap<(String, String), Holder>,
    shares: &Shares,
    today: i64,
) -> Result<()> {
    let project_id = &seen.project_id;
    let Some(now_known) = usage::load(connection, project_id)? else { return Ok(()) };
    if (now_known.measured_changes, now_known.measured_at) != (seen.measured_changes, seen.measured_at) {
        return Ok(());
    }
    bill::close(connection, &now_known, today)?;
    diesel::update(storage::table.find(project_id))
        .set((
            storage::measured_bytes.eq(shares.together.bytes.cast_signed()),
            storage::added_bytes.eq(storage::added_bytes - seen.added_bytes),
            storage::pack_bytes.eq(shares.packed.bytes.cast_signed()),
            storage::measured_changes.eq(seen.changes),
            storage::measured_at.eq(now()),
        ))
        .execute(connection)?;
    diesel::delete(parts::table.filter(parts::project_id.eq(project_id))).execute(connection)?;
    for (((object, object_id), holder), share) in holders.iter().zip(&shares.groups) {
        diesel::insert_into(parts::table)
            .values((
                parts::object.eq(object),
                parts::object_id.eq(object_id),
                parts::project_id.eq(project_id),
                parts::versions.eq(holder.versions),
                parts::version_bytes.eq(holder.bytes),
                parts::newest_bytes.eq(holder.newest.map_or(0, |(_, bytes)| bytes)),
                parts::stored_bytes.eq(share.all.bytes.cast_signed()),
                parts::own_bytes.eq(share.own.bytes.cast_signed()),
            ))
            .execute(connection)?;
    }
    Ok(())
}
