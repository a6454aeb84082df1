//! A segment of the index: which chunk is where, for some packs, sorted by key.

use super::pack::Row;
use super::wire::Wire;
use super::{Magic, body, head, seal, unseal};
use crate::index::{Place, Run};
use crate::objects::PackId;
use crate::{Error, Result};

const MAGIC: &Magic = b"ATINDX\n";

pub(crate) fn encode(run: &Run) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + run.packs.len() * 16 + run.places.len() * 49);
    out.extend_from_slice(&head(MAGIC));
    out.extend_from_slice(&(run.packs.len() as u32).to_le_bytes());
    out.extend_from_slice(&(run.places.len() as u32).to_le_bytes());
    run.packs.iter().for_each(|pack| out.extend_from_slice(pack.as_bytes()));
    for place in &run.places {
        place.row.put(&mut out);
        out.extend_from_slice(&place.pack.to_le_bytes());
        out.extend_from_slice(&place.offset.to_le_bytes());
    }
    seal(out)
}

pub(crate) fn decode(bytes: &[u8], object: &str) -> Result<Run> {
    // The version first: what a newer one is sealed with is not known.
    body(bytes, MAGIC, object)?;
    let mut wire = Wire(body(unseal(bytes, object)?, MAGIC, object)?);
    let run = parse(&mut wire).filter(|_| wire.is_empty());
    run.ok_or_else(|| Error::damaged(object, "it is not a segment of the index"))
}

fn parse(wire: &mut Wire<'_>) -> Option<Run> {
    let (packs, places) = (wire.u32()?, wire.u32()?);
    let packs: Option<Vec<_>> = (0..packs).map(|_| wire.array().map(PackId::from_bytes)).collect();
    let packs = packs?;
    let places =
        (0..places).map(|_| Some(Place { row: Row::take(wire)?, pack: wire.u32()?, offset: wire.u32()? }));
    let places = places.collect::<Option<Vec<_>>>()?;
    let sorted = places.is_sorted_by_key(|place| place.row.key);
    let within = places.iter().all(|place| (place.pack as usize) < packs.len());
    (sorted && within).then_some(Run { packs, places })
}
