use super::Spot;
use crate::format::Key;
use crate::format::pack::Row;
use crate::objects::PackId;
use std::collections::{HashMap, HashSet};

/// A chunk in one of the packs of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) row: Row,
    /// Which of the packs of the run.
    pub(crate) pack: u32,
    /// Where its body begins.
    pub(crate) offset: u32,
}

/// Chunks of some packs, sorted by key. A chunk that is in two packs is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) packs: Vec<PackId>,
    pub(crate) places: Vec<Place>,
}

impl Run {
    /// The chunks of packs whose rows are given in the order of their bodies.
    pub(crate) fn of(packs: impl IntoIterator<Item = (PackId, Vec<Row>)>) -> Self {
        let mut run = Self::default();
        for (pack, rows) in packs {
            let number = run.packs.len() as u32;
            run.packs.push(pack);
            let mut offset = 8;
            run.places.extend(rows.into_iter().map(|row| {
                let place = Place { row, pack: number, offset };
                offset += row.stored;
                place
            }));
        }
        run.places.sort_unstable_by_key(|place| (place.row.key, place.pack, place.offset));
        run
    }

    /// All that is in these, once.
    pub(crate) fn merged(runs: &[&Self]) -> Self {
        let mut merged = Self::default();
        let mut numbers = HashMap::new();
        merged.places.reserve_exact(runs.iter().map(|run| run.places.len()).sum());
        for run in runs {
            for place in &run.places {
                let Some(pack) = run.pack(place) else { continue };
                let number = *numbers.entry(pack).or_insert_with(|| {
                    merged.packs.push(pack);
                    merged.packs.len() as u32 - 1
                });
                merged.places.push(Place { pack: number, ..*place });
            }
        }
        // Each part is sorted, which is what a stable sort makes use of.
        merged.places.sort_by_key(|place| (place.row.key, place.pack, place.offset));
        merged.places.dedup();
        merged
    }

    /// The places in other packs than these.
    pub(crate) fn without(&self, goes: impl Fn(&PackId) -> bool) -> Self {
        let goes: Vec<_> = self.packs.iter().map(goes).collect();
        let stays = |place: &&Place| goes.get(place.pack as usize) == Some(&false);
        let places = self.places.iter().filter(stays).copied().collect();
        Self::merged(&[&Self { packs: self.packs.clone(), places }])
    }

    /// The same in runs of so many places at most, each with the packs it is about.
    pub(crate) fn parts(&self, most: usize) -> impl Iterator<Item = Self> + '_ {
        let part = |places: &[Place]| Self { packs: self.packs.clone(), places: places.to_vec() };
        self.places.chunks(most).map(move |places| Self::merged(&[&part(places)]))
    }

    pub(crate) fn pack(&self, place: &Place) -> Option<PackId> {
        self.packs.get(place.pack as usize).copied()
    }

    /// The places whose keys begin with this, and their numbers.
    pub(crate) fn matches<'a>(&'a self, key: &'a [u8]) -> impl Iterator<Item = (usize, &'a Place)> + 'a {
        let from = self.places.partition_point(|place| place.row.key[..] < *key);
        let rest = self.places.iter().enumerate().skip(from);
        rest.take_while(|(_, place)| place.row.key.starts_with(key))
    }

    pub(crate) fn spots<'a>(&'a self, key: &'a Key) -> impl Iterator<Item = Spot> + 'a {
        self.matches(key).filter_map(|(_, place)| self.spot(place))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Spot> + '_ {
        self.places.iter().filter_map(|place| self.spot(place))
    }

    /// The places in these packs and their numbers. Where there are none, nothing is looked at.
    pub(crate) fn in_packs(&self, packs: &HashSet<PackId>) -> impl Iterator<Item = (usize, Spot)> + '_ {
        let wanted: Vec<_> = self.packs.iter().map(|pack| packs.contains(pack)).collect();
        let places = if wanted.contains(&true) { &self.places[..] } else { &[] };
        let within = move |place: &Place| wanted.get(place.pack as usize) == Some(&true);
        let within = places.iter().enumerate().filter(move |(_, place)| within(place));
        within.filter_map(|(index, place)| Some((index, self.spot(place)?)))
    }

    pub(crate) fn at(&self, number: usize) -> Option<Spot> {
        self.places.get(number).and_then(|place| self.spot(place))
    }

    fn spot(&self, place: &Place) -> Option<Spot> {
        self.pack(place).map(|pack| Spot { pack, offset: place.offset, row: place.row })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::segment;

    fn row(first: u8) -> Row {
        Row { key: [first; 32], is_node: false, is_zstd: true, stored: 10, plain: 20 }
    }

    #[test]
    fn a_segment_comes_back_as_it_was_and_no_bit_of_it_may_change() {
        let run = Run::of([(PackId::new(), vec![row(3), row(1)]), (PackId::new(), vec![row(2), row(1)])]);
        let bytes = segment::encode(&run);
        assert_eq!(segment::decode(&bytes, "s").unwrap(), run);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert!(segment::decode(&damaged, "s").is_err(), "{at}");
        }
        let offsets: Vec<_> = run.spots(&[1; 32]).map(|spot| spot.offset).collect();
        assert_eq!(offsets, [18, 18]);
    }

    #[test]
    fn merging_keeps_every_place_once() {
        let (a, b) = (PackId::new(), PackId::new());
        let one = Run::of([(a, vec![row(1), row(5)])]);
        let two = Run::of([(b, vec![row(5), row(2)]), (a, vec![row(1), row(5)])]);
        let merged = Run::merged(&[&one, &two]);
        assert_eq!(merged.places.len(), 4);
        assert_eq!(merged.spots(&[5; 32]).map(|spot| spot.pack).collect::<Vec<_>>(), [a, b]);
    }
}
