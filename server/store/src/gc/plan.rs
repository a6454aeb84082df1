use super::{Collected, Kept, Marks};
use crate::objects::{Area, PackId};
use crate::{Result, Store};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::SystemTime;

/// A pack of which less than this part is needed is written anew.
const WORTH_KEEPING: f64 = 0.5;
/// A pack smaller than this part of a full one is small …
const SMALL: usize = 4;
/// … and so many small ones are put together.
const MANY: usize = 8;

/// What a collection does.
#[derive(Default)]
pub(super) struct Plan {
    /// To be condemned, with their bytes and the bytes needed of them.
    pub(super) condemn: HashMap<PackId, (u64, u64)>,
    /// What is needed of these, which were condemned before, has to be copied as well.
    pub(super) rescue: HashSet<PackId>,
    pub(super) removal: Removal,
    pack_bytes: u64,
}

/// What was condemned long enough ago.
#[derive(Default)]
pub(super) struct Removal {
    /// With their bytes.
    pub(super) packs: HashMap<PackId, u64>,
    /// The lists they are in, and which packs each has.
    pub(super) lists: HashMap<String, Arc<[PackId]>>,
}

impl Plan {
    pub(super) async fn of(store: &Store, marks: &Marks, kept: &Kept, now: SystemTime) -> Result<Self> {
        let view = &marks.view;
        let grace = store.0.options.grace;
        let packs = store.ages(Area::Packs, now).await?;
        let needed = marks.per_pack();
        let need = |pack: &PackId| needed.get(pack).copied().unwrap_or_default();
        let mut plan = Self { pack_bytes: packs.values().map(|(bytes, _)| bytes).sum(), ..Self::default() };
        let mut small = Vec::new();
        for (name, (bytes, age)) in &packs {
            let Some(pack) = PackId::parse(name) else { continue };
            if view.condemned.contains(&pack) {
                if need(&pack).0 > 0 {
                    plan.rescue.insert(pack);
                }
                continue;
            }
            if *age < grace || kept.contains(&pack) {
                continue;
            }
            let (needed, all) = need(&pack);
            if needed == 0 || (needed as f64) < WORTH_KEEPING * all as f64 {
                plan.condemn.insert(pack, (*bytes, needed));
            } else if (*bytes as usize) < store.0.options.pack_bytes / SMALL {
                small.push((pack, (*bytes, needed)));
            }
        }
        if small.len() >= MANY {
            plan.condemn.extend(small);
        }
        for (list, (_, age)) in store.ages(Area::Condemned, now).await? {
            if age >= grace
                && let Some(condemned) = view.lists.get(&list)
            {
                let size = |pack: &PackId| packs.get(&pack.to_string()).map_or(0, |(bytes, _)| *bytes);
                plan.removal.packs.extend(condemned.iter().map(|pack| (*pack, size(pack))));
                plan.removal.lists.insert(list, condemned.clone());
            }
        }
        Ok(plan)
    }

    /// Takes out of the plan what can be removed without copying anything before.
    pub(super) fn free_of_copies(&mut self) -> Removal {
        let whole = |list: &[PackId]| !list.iter().any(|pack| self.rescue.contains(pack));
        let lists: HashMap<_, _> = self.removal.lists.extract_if(|_, list| whole(list)).collect();
        let packs = lists.values().flat_map(|list| list.iter());
        let packs = packs.filter_map(|pack| Some((*pack, self.removal.packs.remove(pack)?))).collect();
        Removal { packs, lists }
    }

    /// Leaves all that is needed of anything where it is.
    pub(super) fn leave_copies(&mut self) {
        self.condemn.retain(|_, (_, needed)| *needed == 0);
        self.removal = Removal::default();
    }

    pub(super) fn told(&self, marks: &Marks) -> Collected {
        let live = marks.stored();
        Collected {
            live,
            garbage_bytes: self.pack_bytes.saturating_sub(live.bytes),
            condemned_packs: self.condemn.len(),
            condemned_bytes: self.condemn.values().map(|(bytes, _)| bytes).sum(),
            copied_bytes: self.condemn.values().map(|(_, needed)| needed).sum(),
            removed_packs: self.removal.packs.len(),
            removed_bytes: self.removal.packs.values().sum(),
        }
    }
}
