//! Which chunk is where. All segments of the index, in memory, as sorted runs that are merged as they grow.

mod load;
mod run;

use crate::format::Key;
use crate::format::pack::Row;
use crate::objects::PackId;
pub(crate) use run::{Place, Run};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Where a chunk is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) pack: PackId,
    pub(crate) offset: u32,
    pub(crate) row: Row,
}

/// The index as it was at one moment.
#[derive(Clone, Default)]
pub(crate) struct View {
    /// Each not less than four times as long as the one after it.
    pub(crate) runs: Vec<Arc<Run>>,
    /// Segments by name and the packs they are about.
    pub(crate) segments: HashMap<String, Arc<[PackId]>>,
    /// Packs that are to be removed: read from them if need be, count on none of them.
    pub(crate) condemned: HashSet<PackId>,
    pub(crate) lists: HashMap<String, Arc<[PackId]>>,
}

impl View {
    /// Where the chunk will stay.
    pub(crate) fn find(&self, key: &Key) -> Option<Spot> {
        self.spots(key).find(|spot| !self.condemned.contains(&spot.pack))
    }

    /// Where the chunk can be read now, the lasting place first.
    pub(crate) fn read_from(&self, key: &Key) -> Option<Spot> {
        self.find(key).or_else(|| self.spots(key).next())
    }

    fn spots<'a>(&'a self, key: &'a Key) -> impl Iterator<Item = Spot> + 'a {
        self.runs.iter().rev().flat_map(|run| run.spots(key))
    }

    /// The number of a chunk whose key begins with this among all places of the view, for sets of marks.
    pub(crate) fn number(&self, key: &[u8]) -> Option<usize> {
        let mut condemned = None;
        let mut before = self.runs.iter().map(|run| run.places.len()).sum::<usize>();
        for run in self.runs.iter().rev() {
            before -= run.places.len();
            for (index, place) in run.matches(key) {
                let lasting = run.pack(place).is_some_and(|pack| !self.condemned.contains(&pack));
                if lasting {
                    return Some(before + index);
                }
                condemned.get_or_insert(before + index);
            }
        }
        condemned
    }

    /// The numbers of all places of a chunk.
    pub(crate) fn numbers<'a>(&'a self, key: &'a Key) -> impl Iterator<Item = usize> + 'a {
        self.numbered().flat_map(move |(first, run)| run.matches(key).map(move |(index, _)| first + index))
    }

    /// The runs, and the number of the first place of each.
    fn numbered(&self) -> impl Iterator<Item = (usize, &Run)> {
        self.runs.iter().scan(0, |next, run| {
            let first = *next;
            *next += run.places.len();
            Some((first, &**run))
        })
    }

    /// All places, in the order of their numbers.
    pub(crate) fn all(&self) -> impl Iterator<Item = Spot> + '_ {
        self.runs.iter().flat_map(|run| run.all())
    }

    /// The place of this number.
    pub(crate) fn spot(&self, mut number: usize) -> Option<Spot> {
        for run in &self.runs {
            if number < run.places.len() {
                return run.at(number);
            }
            number -= run.places.len();
        }
        None
    }

    /// All places in these packs and their numbers.
    pub(crate) fn in_packs<'a>(
        &'a self,
        packs: &'a HashSet<PackId>,
    ) -> impl Iterator<Item = (usize, Spot)> + 'a {
        self.numbered()
            .flat_map(|(first, run)| run.in_packs(packs).map(move |(index, spot)| (first + index, spot)))
    }

    pub(crate) fn len(&self) -> usize {
        self.runs.iter().map(|run| run.places.len()).sum()
    }

    /// The view with one more segment.
    pub(crate) fn with(&self, name: String, run: Arc<Run>) -> Self {
        let mut view = self.clone();
        view.segments.insert(name, run.packs.clone().into());
        view.push(run);
        view
    }

    fn push(&mut self, mut run: Arc<Run>) {
        while let Some(last) = self.runs.pop_if(|last| last.places.len() < 4 * run.places.len()) {
            run = Arc::new(Run::merged(&[&last, &run]));
        }
        self.runs.push(run);
    }
}
