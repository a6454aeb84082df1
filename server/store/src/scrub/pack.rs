use crate::format::body;
use crate::format::pack::{FOOT_BYTES, Foot, MAGIC, Row};
use crate::index::Spot;
use crate::objects::{Objects, PackId};
use crate::store::plain;
use crate::{Error, Result};

/// Bytes of a pack that are read together, at least.
const WINDOW_BYTES: u64 = 4 << 20;

/// The rows of a pack, read from the pack itself.
pub(super) async fn rows(objects: &Objects, pack: PackId, bytes: u64) -> Result<Vec<Row>> {
    let object = format!("packs/{pack}");
    let short = || Error::damaged(&object, "it is cut short");
    let foot_at = bytes.checked_sub(FOOT_BYTES as u64).ok_or_else(short)?;
    let foot = objects.range(pack, foot_at..bytes).await?;
    let foot = Foot::parse(foot.first_chunk().ok_or_else(short)?, &object)?;
    let table_at = foot_at.checked_sub(foot.table_bytes()).ok_or_else(short)?;
    let table = objects.range(pack, table_at..foot_at).await?;
    let head = objects.range(pack, 0..8).await?;
    body(&head, MAGIC, &object)?;
    foot.rows(&table, bytes, &object)
}

/// Checks every chunk of a pack; what is wrong with which goes to `fault`.
pub(super) async fn check(
    objects: &Objects,
    pack: PackId,
    rows: Vec<Row>,
    mut fault: impl FnMut(Row, Error),
) -> Result<()> {
    let mut rows = rows.into_iter().peekable();
    let mut at = 8u64;
    while rows.peek().is_some() {
        let from = at;
        let mut window = Vec::new();
        while at - from < WINDOW_BYTES
            && let Some(row) = rows.next()
        {
            let spot = Spot { pack, offset: at as u32, row };
            at += u64::from(row.stored);
            window.push(spot);
        }
        let bytes = objects.range(pack, from..at).await?;
        let checked = tokio::task::spawn_blocking(move || {
            let faults = window.into_iter().filter_map(|spot| {
                let begin = (u64::from(spot.offset) - from) as usize;
                let body = bytes.slice(begin..begin + spot.row.stored as usize);
                plain(body, &spot).err().map(|error| (spot.row, error))
            });
            faults.collect::<Vec<_>>()
        });
        checked.await?.into_iter().for_each(|(row, error)| fault(row, error));
    }
    Ok(())
}
