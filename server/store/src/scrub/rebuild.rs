use super::Damage;
use super::pack::rows;
use crate::format::segment;
use crate::index::Run;
use crate::objects::{Area, Objects, PackId};
use crate::{Backend, Result, Store};
use std::collections::HashSet;
use uuid::Uuid;

/// Packs whose chunks go into one segment.
const PACKS_PER_SEGMENT: usize = 256;

/// What the making of an index found.
#[derive(Debug, Clone, Default)]
pub struct Rebuilt {
    /// Packs that are in it.
    pub packs: u64,
    /// Chunks and nodes in them.
    pub chunks: u64,
    /// Packs whose table cannot be read. What the old index told of them is kept.
    pub damaged: Vec<Damage>,
}

impl Store {
    /// Makes the index of a store anew from its packs. It may be damaged or lost; nothing else may use the store
    /// meanwhile. Open the store afterwards.
    pub async fn rebuild_index(backend: &Backend, prefix: &str) -> Result<Rebuilt> {
        let objects = Objects::new(backend.clone(), prefix)?;
        let old = old_segments(&objects).await?;
        let mut built = Rebuilt::default();
        let mut unread = HashSet::new();
        let mut gathered = Vec::new();
        for meta in objects.list(Area::Packs).await? {
            let Some(pack) = meta.location.filename().and_then(PackId::parse) else { continue };
            match rows(&objects, pack, meta.size).await {
                Ok(rows) => {
                    built.packs += 1;
                    built.chunks += rows.len() as u64;
                    gathered.push((pack, rows));
                }
                Err(error) => {
                    unread.insert(pack);
                    built.damaged.push(Damage { object: format!("packs/{pack}"), chunk: None, error });
                }
            }
            if gathered.len() == PACKS_PER_SEGMENT {
                write(&objects, Run::of(std::mem::take(&mut gathered))).await?;
            }
        }
        write(&objects, Run::of(gathered)).await?;
        let mut goes = Vec::new();
        for name in old {
            if !tells_of(&objects, &name, &unread).await? {
                goes.push(name);
            }
        }
        objects.remove(Area::Index, &goes).await?;
        Ok(built)
    }
}

async fn old_segments(objects: &Objects) -> Result<Vec<String>> {
    let listed = objects.list(Area::Index).await?;
    Ok(listed.iter().filter_map(|meta| meta.location.filename().map(str::to_owned)).collect())
}

/// Writes a segment of the index, unless nothing is in it.
pub(crate) async fn write(objects: &Objects, run: Run) -> Result<()> {
    if run.places.is_empty() {
        return Ok(());
    }
    let name = Uuid::now_v7().simple().to_string();
    objects.create(Area::Index, &name, segment::encode(&run).into()).await
}

/// Whether an old segment can be read and tells of one of these packs.
async fn tells_of(objects: &Objects, name: &str, packs: &HashSet<PackId>) -> Result<bool> {
    let run = segment::decode(&objects.get(Area::Index, name).await?, name);
    Ok(run.is_ok_and(|run| run.packs.iter().any(|pack| packs.contains(pack))))
}
