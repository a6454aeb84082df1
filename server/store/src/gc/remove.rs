use super::plan::Removal;
use crate::format::segment;
use crate::index::Run;
use crate::objects::{Area, PackId};
use crate::{Result, Store};
use uuid::Uuid;

/// A segment with fewer chunks is put together with others when it is touched at all.
const SMALL_PLACES: usize = 20_000;
/// No segment that is written here has more chunks.
const MOST_PLACES: usize = 500_000;

impl Store {
    /// Removes packs whose grace is over: first from the index, so that it never tells of a pack that is gone.
    pub(super) async fn remove(&self, removal: &Removal) -> Result<()> {
        if removal.lists.is_empty() {
            return Ok(());
        }
        self.forget(|pack| removal.packs.contains_key(pack)).await?;
        let packs: Vec<_> = removal.packs.keys().map(PackId::to_string).collect();
        self.0.objects.remove(Area::Packs, &packs).await?;
        let lists: Vec<_> = removal.lists.keys().cloned().collect();
        self.0.objects.remove(Area::Condemned, &lists).await
    }

    /// Replaces the segments that tell of these packs, and small ones with them, by ones that do not.
    async fn forget(&self, goes: impl Fn(&PackId) -> bool) -> Result<()> {
        let objects = &self.0.objects;
        let mut old = Vec::new();
        let mut left = Vec::new();
        for (name, packs) in &self.view().segments {
            let bytes = objects.get(Area::Index, name).await?;
            let run = segment::decode(&bytes, &format!("index/{name}"))?;
            if packs.iter().any(&goes) || run.places.len() < SMALL_PLACES {
                left.push(run.without(&goes));
                old.push(name.clone());
            }
        }
        let left = Run::merged(&left.iter().collect::<Vec<_>>());
        for part in left.parts(MOST_PLACES) {
            let name = Uuid::now_v7().simple().to_string();
            objects.create(Area::Index, &name, segment::encode(&part).into()).await?;
        }
        objects.remove(Area::Index, &old).await
    }
}
