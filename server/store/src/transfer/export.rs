use super::check;
use crate::gc::Marks;
use crate::objects::{Area, PackId};
use crate::{ChunkId, Error, Result, Root, Store};
use bytes::Bytes;
use std::collections::BTreeSet;

/// The packs in which everything is that some versions need.
pub struct Export {
    store: Store,
    /// What of it was not read yet.
    marks: Marks,
    packs: BTreeSet<PackId>,
}

impl Store {
    /// What has to be carried elsewhere so that these versions can be read there, and sessions go on from these
    /// packs. All trees are walked: what a version lacks is an error. Packs of sessions that are gone or
    /// condemned are left out, as [`session_of`](Store::session_of) leaves them.
    ///
    /// Who begins has the grace to [`read`](Export::read) all of it. Where there is a choice, what is not
    /// condemned is taken, and of that nothing is removed before a whole grace is over, whatever is collected.
    pub async fn export(&self, roots: &[Root], packs: &[PackId]) -> Result<Export> {
        let mut marks = Marks::new(self.refresh().await?);
        for root in roots {
            marks.add_root(self, *root).await?;
        }
        marks.add_packs(&packs.iter().copied().collect());
        let packs = marks.marked().map(|(_, spot)| spot.pack).collect();
        Ok(Export { store: self.clone(), marks, packs })
    }
}

impl Export {
    /// The packs, sorted.
    pub fn packs(&self) -> Vec<PackId> {
        self.packs.iter().copied().collect()
    }

    /// A whole pack, every chunk of it checked.
    pub async fn read(&mut self, pack: PackId) -> Result<Bytes> {
        let read = self.store.0.objects.get(Area::Packs, &pack.to_string()).await;
        let bytes = read.map_err(|error| if error.is_absent() { Error::Vanished(pack) } else { error })?;
        let checked = bytes.clone();
        let rows = tokio::task::spawn_blocking(move || check::rows(pack, &checked)).await??;
        rows.iter().for_each(|row| self.marks.remove(&row.key));
        Ok(bytes)
    }

    /// Proves that everything that the versions need was in what was read.
    pub fn finish(self) -> Result<()> {
        match self.marks.marked().next() {
            None => Ok(()),
            Some((_, spot)) => Err(Error::Missing(ChunkId::from_bytes(spot.row.key).to_string())),
        }
    }
}
