//! Sessions of the store that uploads write through, in memory.

use super::{Committer, Row, rows};
use crate::app::App;
use crate::data::Hidden;
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::objects::{self, SESSION_OVER};
use actix_web::web;
use atelier_store::{ChunkId, Root, Session};
use bytes::Bytes;
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// What nobody asks for is let go of; the next request makes another.
const IDLE: Duration = Duration::from_secs(15 * 60);
/// Bytes that may be sent before they are on disk …
const UNWRITTEN: usize = 64 << 20;
/// … and how long they may wait for that.
const WAITS: Duration = Duration::from_secs(5);
/// Older versions of the same thing whose chunks need not be sent again.
const READABLE: i64 = 100;

/// The open ones, by upload.
#[derive(Default)]
pub struct Uploads(Mutex<HashMap<String, Slot>>);

type Slot = Arc<OnceCell<Arc<Sending>>>;

/// A session of one upload.
pub struct Sending {
    pub(super) session: Session,
    /// One change of the tree at a time.
    pub(super) turn: tokio::sync::Mutex<()>,
    upload: String,
    /// What its author may not read.
    hidden: Hidden,
    begun: Instant,
    /// It is replaced after this, long before it may no longer use what it was told of.
    life: Duration,
    /// How many of the session's packs have rows.
    packs: tokio::sync::Mutex<usize>,
    state: Mutex<State>,
}

struct State {
    used: Instant,
    /// Bytes that are perhaps not on disk, and since when.
    unwritten: Option<(usize, Instant)>,
    /// What the row has been told of what was stored.
    told: u64,
}

impl Uploads {
    /// The session of an upload; made if there is none, or none that will last.
    pub(super) async fn session(&self, app: &App, who: &Committer, row: &Row) -> Result<Arc<Sending>> {
        loop {
            let slot = {
                let mut open = self.lock();
                open.retain(|_, slot| slot.get().is_none_or(|sending| !sending.is_over()));
                open.entry(row.id.clone()).or_default().clone()
            };
            let sending = slot.get_or_try_init(|| Sending::begin(app, who, row)).await?;
            // It knows what its author might read when it began.
            if sending.hidden != *who.holder.hidden() {
                self.lock().retain(|_, open| !Arc::ptr_eq(open, &slot));
                continue;
            }
            sending.state().used = Instant::now();
            return Ok(sending.clone());
        }
    }

    /// The next request makes another.
    pub(super) fn forget(&self, upload: &str) {
        self.lock().remove(upload);
    }

    /// Forgets the session if it has met what it cannot get over: with that it would refuse all that comes.
    pub(super) fn heard(&self, upload: &str, error: impl Into<Error>) -> Error {
        let error = error.into();
        if error.problem().status >= 500 || error.problem().code == SESSION_OVER {
            self.forget(upload);
        }
        error
    }

    fn all(&self) -> Vec<(String, Arc<Sending>)> {
        let open = self.lock();
        open.iter().filter_map(|(id, slot)| Some((id.clone(), slot.get()?.clone()))).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sending {
    async fn begin(app: &App, who: &Committer, row: &Row) -> Result<Arc<Sending>> {
        let (asks, id) = (who.clone(), row.id.clone());
        let known = move |connection: &mut Connection| {
            Ok((readable(connection, &asks)?, rows::packs(connection, &id)?))
        };
        let (others, packs) = app.db.read(known).await?;
        let store = app.objects.of(who.holder.project_id()).await?;
        let roots = [row.base_root()?, row.root()?].into_iter().chain(others);
        let session = store.session_of(roots, packs).await?;
        let state = State { used: Instant::now(), unwritten: None, told: 0 };
        Ok(Arc::new(Sending {
            session,
            turn: tokio::sync::Mutex::default(),
            upload: row.id.clone(),
            hidden: who.holder.hidden().clone(),
            begun: Instant::now(),
            life: app.objects.session_life() / 2,
            packs: tokio::sync::Mutex::default(),
            state: Mutex::new(state),
        }))
    }

    /// Takes chunks; writes them now and then.
    pub(super) async fn put(&self, app: &App, chunks: Vec<(ChunkId, Bytes)>) -> Result<()> {
        let bytes: usize = chunks.iter().map(|(_, bytes)| bytes.len()).sum();
        self.session.put(chunks).await?;
        let many = {
            let mut state = self.state();
            let (sum, _) = state.unwritten.get_or_insert((0, Instant::now()));
            *sum += bytes;
            *sum >= UNWRITTEN
        };
        if many { self.flush(app).await } else { Ok(()) }
    }

    /// All that was put before is on disk after this, and known to whoever goes on.
    async fn flush(&self, app: &App) -> Result<()> {
        self.state().unwritten = None;
        self.session.flush().await?;
        self.tell_packs(app).await
    }

    /// Writes down what packs are on disk.
    pub(super) async fn tell_packs(&self, app: &App) -> Result<()> {
        let mut told = self.packs.lock().await;
        let all = self.session.packs().await;
        let new: Vec<String> = all.iter().skip(*told).map(ToString::to_string).collect();
        if !new.is_empty() {
            let upload = self.upload.clone();
            app.db.write(move |connection| rows::add_packs(connection, &upload, &new)).await?;
            *told = all.len();
        }
        Ok(())
    }

    /// What was stored since this was asked last, of what has been stored so far.
    pub(super) fn newly_stored(&self, so_far: u64) -> i64 {
        let mut state = self.state();
        let new = so_far.saturating_sub(state.told);
        state.told = state.told.max(so_far);
        new.cast_signed()
    }

    /// Bytes that were stored and that the row has not been told of.
    pub(super) async fn untold(&self) -> i64 {
        let stored = self.session.stored().await;
        stored.saturating_sub(self.state().told).cast_signed()
    }

    fn is_late(&self) -> bool {
        self.state().unwritten.is_some_and(|(_, since)| since.elapsed() >= WAITS)
    }

    fn is_over(&self) -> bool {
        self.begun.elapsed() > self.life || self.state().used.elapsed() > IDLE
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The newest versions of the same thing: who may commit to it may read them, unless something in them is hidden. Each is mostly like the one before,
/// which makes them quick to look through in this order.
fn readable(connection: &mut Connection, who: &Committer) -> Result<Vec<Root>> {
    use schema::data_versions as versions;
    if !who.holder.hidden().is_none() {
        return Ok(Vec::new());
    }
    let roots: Vec<String> = versions::table
        .filter(versions::object.eq(who.holder.object().as_str()))
        .filter(versions::object_id.eq(who.holder.id()))
        .filter(versions::removed_at.is_null())
        .order(versions::number.desc())
        .limit(READABLE)
        .select(versions::root)
        .load(connection)?;
    roots.iter().map(|root| objects::root(root)).collect()
}

/// Writes what waits, until the server ends. A session that cannot is forgotten: what was sent to it is lacking.
pub async fn flush_regularly(app: web::Data<App>) {
    let mut tick = tokio::time::interval(WAITS / 5);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        for (upload, sending) in app.uploads.all() {
            if sending.is_late()
                && let Err(error) = sending.flush(&app).await
            {
                tracing::warn!(upload, %error, "chunks that were sent could not be written");
                app.uploads.forget(&upload);
            } else if sending.is_over() {
                app.uploads.forget(&upload);
            }
        }
    }
}
