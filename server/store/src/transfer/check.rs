use crate::format::body;
use crate::format::pack::{FOOT_BYTES, Foot, MAGIC, Row};
use crate::index::Spot;
use crate::objects::PackId;
use crate::store::plain;
use crate::{Error, Result};
use bytes::Bytes;

/// Where the first body begins.
const HEAD_BYTES: u32 = 8;

/// The rows of a whole pack in memory, if every chunk of it still has its name. Takes the memory of one chunk
/// more, whatever the pack says of itself.
pub(super) fn rows(pack: PackId, bytes: &Bytes) -> Result<Vec<Row>> {
    let object = format!("packs/{pack}");
    let short = || Error::damaged(&object, "it is cut short");
    body(bytes, MAGIC, &object)?;
    let (rest, foot) = bytes.split_last_chunk::<FOOT_BYTES>().ok_or_else(short)?;
    let foot = Foot::parse(foot, &object)?;
    let table_bytes = usize::try_from(foot.table_bytes()).map_err(|_| short())?;
    let table_at = rest.len().checked_sub(table_bytes).ok_or_else(short)?;
    let table = rest.get(table_at..).ok_or_else(short)?;
    let rows = foot.rows(table, bytes.len() as u64, &object)?;
    let mut offset = HEAD_BYTES;
    for row in &rows {
        let spot = Spot { pack, offset, row: *row };
        // The table's lengths add up to that of the pack.
        offset = offset.checked_add(row.stored).ok_or_else(short)?;
        plain(bytes.slice(spot.offset as usize..offset as usize), &spot)?;
    }
    Ok(rows)
}
