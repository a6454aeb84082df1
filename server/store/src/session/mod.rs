//! Writing: chunks go into packs, packs to the object store, then the index, then a version is made of them.

mod commit;
mod files;
mod merge;
pub(crate) mod pack;
pub(crate) mod packer;
pub(crate) mod pins;
pub(crate) mod readable;
pub(crate) mod squeeze;

use crate::objects::PackId;
use crate::{Error, Result, Root, Store};
use atelier_chunk::{ChunkId, MAX_BYTES};
use bytes::Bytes;
pub use commit::{Change, Committed};
pub use merge::Merged;
use packer::Packer;
use pins::Pinned;
use readable::Readable;
use squeeze::Squeezed;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// A change being made: chunks are sent, files made of them, then a version of the files. What it was sent
/// before it broke off is found by the next one that asks which chunks are lacking. Share it by reference:
/// chunks may be put from several requests at once.
pub struct Session {
    pub(crate) store: Store,
    pub(crate) packer: Arc<Packer>,
    readable: Readable,
    pinned: Arc<Pinned>,
    /// The versions it made.
    made: Mutex<HashSet<Root>>,
    begun: Instant,
}

impl Store {
    /// Begins a session of someone who may read these versions. Their chunks need not be sent again, and they
    /// are kept until the session ends. A chunk that is stored but in none of them has to be sent like any other:
    /// knowing a hash opens nothing. Name them in the order in which they came about, the first one first: what
    /// is in a version and not in the one before is looked up once for all sessions.
    pub async fn session(&self, readable: impl IntoIterator<Item = Root>) -> Result<Session> {
        self.session_of(readable, []).await
    }

    /// Goes on with a session that ended, here or elsewhere: what is in the packs that it told of counts as sent
    /// in this one. Packs that are gone or to be removed count for nothing; what was in them is lacking.
    pub async fn session_of(
        &self,
        readable: impl IntoIterator<Item = Root>,
        packs: impl IntoIterator<Item = PackId>,
    ) -> Result<Session> {
        let roots: Vec<_> = readable.into_iter().collect();
        let packs: HashSet<_> = packs.into_iter().collect();
        let pinned = self.0.pins.add(roots.clone(), packs.iter().copied().collect());
        // After the pin, so that what is seen now stays.
        let view = self.refresh().await?;
        if !packs.is_empty() {
            let pinned = pinned.clone();
            tokio::task::spawn_blocking(move || {
                let lasting = view.in_packs(&packs).filter(|(_, spot)| !view.condemned.contains(&spot.pack));
                pinned.extend(lasting.map(|(_, spot)| spot.row));
            })
            .await?;
        }
        Ok(Session {
            store: self.clone(),
            packer: Arc::new(Packer::new(self.clone(), pinned.clone())),
            readable: Readable::new(roots),
            pinned,
            made: Mutex::default(),
            begun: Instant::now(),
        })
    }
}

impl Session {
    /// Which of these chunks must be sent: those neither sent in this session nor in a version its author may
    /// read. Those not named here may be used until the session ends.
    pub async fn lacking(&self, chunks: &[ChunkId]) -> Result<Vec<ChunkId>> {
        self.check_age()?;
        let mut lacking = Vec::new();
        for chunk in chunks {
            if self.length(chunk).await?.is_none() {
                lacking.push(*chunk);
            }
        }
        Ok(lacking)
    }

    /// Takes chunks, each under its hash. A wrong hash refuses all of them. They are on disk after
    /// [`commit`](Self::commit) or [`flush`](Self::flush).
    pub async fn put(&self, chunks: Vec<(ChunkId, Bytes)>) -> Result<()> {
        self.check_age()?;
        if let Some((_, bytes)) = chunks.iter().find(|(_, bytes)| bytes.len() > MAX_BYTES) {
            return Err(Error::TooLarge { bytes: bytes.len() });
        }
        let view = self.store.view();
        let squeezed = tokio::task::spawn_blocking(move || {
            let one = |(id, bytes): (ChunkId, Bytes)| match ChunkId::of(&bytes) {
                found if found == id => Ok(Squeezed::chunk(id, bytes, &view)),
                found => Err(Error::WrongHash { expected: id, found }),
            };
            chunks.into_iter().map(one).collect::<Result<Vec<_>>>()
        });
        self.add(squeezed.await??).await
    }

    /// Writes what was put so far. It is on disk after this, and in [`packs`](Self::packs).
    pub async fn flush(&self) -> Result<()> {
        self.packer.finish().await
    }

    /// The packs that this session has written so far, not those that it went on from. Write them down, and
    /// [`session_of`](Store::session_of) goes on when this one has ended. A chunk that the store had already is
    /// in none of them; if it is in no version that may be read either, the next session lacks it.
    pub async fn packs(&self) -> Vec<PackId> {
        self.packer.listed().await
    }

    /// Bytes that this session has written so far.
    pub async fn stored(&self) -> u64 {
        self.packer.stored().await
    }

    async fn add(&self, chunks: Vec<Squeezed>) -> Result<()> {
        for chunk in chunks {
            self.packer.add(chunk).await?;
        }
        Ok(())
    }

    /// The length of a chunk that its author may use.
    async fn length(&self, chunk: &ChunkId) -> Result<Option<u32>> {
        let key = chunk.as_bytes();
        if let Some(bytes) = self.pinned.get(key) {
            return Ok(Some(bytes));
        }
        // What is nowhere is in no version: most chunks that are asked for are new.
        let Some(spot) = self.store.view().read_from(key) else { return Ok(None) };
        let may = self.readable.contains(&self.store, key).await?;
        Ok(may.then_some(spot.row.plain))
    }

    fn may_read(&self, root: Root) -> Result<()> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).contains(&root);
        if made || self.readable.has_root(root) { Ok(()) } else { Err(Error::NotReadable(root.to_string())) }
    }

    fn check_age(&self) -> Result<()> {
        if self.begun.elapsed() > self.store.0.options.session_life {
            return Err(Error::Expired);
        }
        Ok(())
    }
}
