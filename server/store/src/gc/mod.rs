//! Removing what nothing needs. Packs are immutable, so what is needed of a pack that is mostly garbage is
//! copied to a new one; the old one is condemned, and removed by a collection after the grace. Until then it can
//! be read, but no new version counts on it.

mod mark;
mod plan;
mod remove;
mod rewrite;
mod shares;

use crate::objects::{Area, PackId};
use crate::{Result, Root, Store};
pub(crate) use mark::Marks;
use plan::Plan;
pub use shares::{Share, Shares};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

/// What is garbage: neither needed by these versions, nor in one of these packs, nor counted on by a session of
/// this program, nor younger than the grace.
#[derive(Debug, Clone, Copy)]
pub struct Collection<'a> {
    /// All versions there are.
    pub keep: &'a [Root],
    /// Packs of sessions that may go on, as [`Session::packs`](crate::Session::packs) told.
    pub keep_packs: &'a [PackId],
    /// What ages are counted to.
    pub now: SystemTime,
    /// Tell what would be done, and change nothing.
    pub dry_run: bool,
}

/// What a collection found and did, or would do. Sizes are bytes as they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Collected {
    /// What is needed.
    pub live: Stored,
    /// What is not, condemned or not.
    pub garbage_bytes: u64,
    /// Packs that were condemned now.
    pub condemned_packs: usize,
    /// What is in them: freed by a collection after the grace.
    pub condemned_bytes: u64,
    /// What of them is needed and was copied.
    pub copied_bytes: u64,
    /// Packs condemned long enough ago, which were removed.
    pub removed_packs: usize,
    /// What was in them.
    pub removed_bytes: u64,
}

/// What some versions need together, each chunk counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    /// Chunks of files and nodes of trees.
    pub chunks: u64,
    /// Their bytes, as stored.
    pub bytes: u64,
}

impl Store {
    /// What these versions need together. The difference of two answers is what a version adds to others.
    pub async fn stored(&self, roots: impl IntoIterator<Item = Root>) -> Result<Stored> {
        let mut marks = Marks::new(self.refresh().await?);
        for root in roots {
            marks.add_root(self, root).await?;
        }
        Ok(marks.stored())
    }

    /// Removes what is garbage. Call it with all versions there are, from one place at a time.
    pub async fn collect(&self, garbage: &Collection<'_>) -> Result<Collected> {
        let view = self.refresh().await?;
        // After the refresh: who begins now is told only of what is in the same view.
        let sessions = self.0.pins.open();
        let mut marks = Marks::new(view);
        for root in garbage.keep.iter().chain(sessions.iter().flat_map(|session| &session.roots)) {
            marks.add_root(self, *root).await?;
        }
        let mut kept: Kept = sessions.iter().flat_map(|session| session.packs()).collect();
        kept.extend(garbage.keep_packs);
        marks.add_packs(&kept);
        for half in sessions.iter().flat_map(|session| session.all()) {
            marks.add_half(&half);
        }
        let plan = Plan::of(self, &marks, &kept, garbage.now).await?;
        let collected = plan.told(&marks);
        if !garbage.dry_run {
            let carried_out = self.carry_out(&marks, plan).await;
            self.0.objects.backend().keep_reserve().await;
            carried_out?;
            let grace_ago = garbage.now.checked_sub(self.0.options.grace);
            self.0.objects.sweep(grace_ago.unwrap_or(SystemTime::UNIX_EPOCH)).await?;
            self.refresh().await?;
        }
        Ok(collected)
    }

    /// What makes room comes first: on a full disk the rest needs it.
    async fn carry_out(&self, marks: &Marks, mut plan: Plan) -> Result<()> {
        let backend = self.0.objects.backend();
        let removal = plan.free_of_copies();
        match self.remove(&removal).await {
            Err(error) if backend.make_room(&error).await => self.remove(&removal).await?,
            outcome => outcome?,
        }
        self.refresh().await?;
        match self.rewrite(marks, &plan).await {
            // What has to be copied stays where it is until there is room.
            Err(error) if error.is_full() => plan.leave_copies(),
            outcome => outcome?,
        }
        match self.condemn(&plan).await {
            Err(error) if backend.make_room(&error).await => self.condemn(&plan).await?,
            outcome => outcome?,
        }
        self.remove(&plan.removal).await
    }

    /// Objects of an area by name: bytes, and how long they have been there.
    async fn ages(&self, area: Area, now: SystemTime) -> Result<HashMap<String, (u64, Duration)>> {
        let listed = self.0.objects.list(area).await?.into_iter();
        let aged = listed.filter_map(|meta| {
            let age = now.duration_since(meta.last_modified.into()).unwrap_or_default();
            Some((meta.location.filename()?.to_owned(), (meta.size, age)))
        });
        Ok(aged.collect())
    }
}

impl Marks {
    fn stored(&self) -> Stored {
        self.marked().fold(Stored::default(), |sum, (_, spot)| Stored {
            chunks: sum.chunks + 1,
            bytes: sum.bytes + u64::from(spot.row.stored),
        })
    }

    /// Bytes of the chunks of each pack: those needed, and all.
    fn per_pack(&self) -> HashMap<PackId, (u64, u64)> {
        let mut packs = HashMap::new();
        for (number, spot) in self.view.all().enumerate() {
            let bytes = u64::from(spot.row.stored);
            let (needed, all): &mut (u64, u64) = packs.entry(spot.pack).or_default();
            *needed += if self.has(number) { bytes } else { 0 };
            *all += bytes;
        }
        packs
    }
}

/// Packs that are not to be touched.
type Kept = HashSet<PackId>;
