use super::check;
use crate::format::pack::Row;
use crate::index::Run;
use crate::objects::{Area, Objects, PackId};
use crate::scrub::write_segment;
use crate::{Backend, Error, Result, Store};
use bytes::Bytes;
use futures::StreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use std::collections::HashSet;

/// Is there, beside the stores, while stores are put in place; its content names the copy that they come from.
const MARK: &str = "importing";
/// A segment of the index is written when it tells of so many packs …
const PACKS_PER_SEGMENT: usize = 256;
/// … or of so many chunks.
const CHUNKS_PER_SEGMENT: usize = 500_000;

/// Stores that are being put in place where there were none.
///
/// Until [`end`](Import::end) an object says so, and from which copy: an import that broke off is begun again
/// with the same copy and finds what it had put there. Nothing is ever overwritten.
pub struct Import(Backend);

/// One of these stores.
pub struct StoreImport {
    objects: Objects,
    /// Packs that an import that broke off has put there.
    there: HashSet<PackId>,
    /// What is not yet in the index.
    put: Vec<(PackId, Vec<Row>)>,
}

impl Backend {
    /// Begins an import, or goes on with one of the same copy that broke off.
    ///
    /// # Errors
    /// If anything is below `prefix` that no import of this copy has put there.
    pub async fn import(&self, prefix: &str, copy: &str) -> Result<Import> {
        let objects = Objects::new(self.clone(), prefix)?;
        let mark = Path::from(MARK);
        match objects.get_at(&mark).await {
            Ok(found) if found == copy.as_bytes() => return Ok(Import(self.clone())),
            Ok(_) => {
                return Err(Error::Setting(format!(
                    "what another copy was being put there when that broke off is there (the object {MARK} \
                     tells); go on with that one, or remove {MARK} and all below {prefix}"
                )));
            }
            Err(error) if error.is_absent() => {}
            Err(error) => return Err(error),
        }
        let path = Path::from(prefix);
        if let Some(found) = self.objects.list(Some(&path)).next().await {
            let found = found.map_err(|source| Error::backend(&path, source))?;
            return Err(Error::Setting(format!("it is not empty: {} is there already", found.location)));
        }
        objects.create_at(&mark, copy.to_owned().into()).await?;
        Ok(Import(self.clone()))
    }
}

impl Import {
    /// Begins with the store at a prefix.
    pub async fn store(&self, prefix: &str) -> Result<StoreImport> {
        let objects = Objects::new(self.0.clone(), prefix)?;
        let names = async |area| -> Result<Vec<String>> {
            let listed = objects.list(area).await?;
            Ok(listed.iter().filter_map(|meta| meta.location.filename().map(str::to_owned)).collect())
        };
        let there = names(Area::Packs).await?.iter().filter_map(|name| PackId::parse(name)).collect();
        // The index is made anew from all packs, as they come.
        objects.remove(Area::Index, &names(Area::Index).await?).await?;
        Store::mark(&objects).await?;
        Ok(StoreImport { objects, there, put: Vec::new() })
    }

    /// Call it when the versions that need all this are written down.
    pub async fn end(self) -> Result<()> {
        let mark = Path::from(MARK);
        self.0.objects.delete(&mark).await.map_err(|source| Error::backend(&mark, source))
    }
}

impl StoreImport {
    /// Puts a pack there, unless it is. Every chunk of it is checked before; nothing of it is believed.
    pub async fn put(&mut self, pack: PackId, bytes: Bytes) -> Result<()> {
        let checked = bytes.clone();
        let rows = tokio::task::spawn_blocking(move || check::rows(pack, &checked)).await??;
        if !self.there.contains(&pack) {
            self.objects.create(Area::Packs, &pack.to_string(), bytes.into()).await?;
        }
        self.put.push((pack, rows));
        let chunks: usize = self.put.iter().map(|(_, rows)| rows.len()).sum();
        if self.put.len() >= PACKS_PER_SEGMENT || chunks >= CHUNKS_PER_SEGMENT {
            self.list().await?;
        }
        Ok(())
    }

    /// All of the store is there after this.
    pub async fn finish(mut self) -> Result<()> {
        self.list().await
    }

    async fn list(&mut self) -> Result<()> {
        write_segment(&self.objects, Run::of(std::mem::take(&mut self.put))).await
    }
}
