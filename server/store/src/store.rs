use crate::blocks::Blocks;
use crate::format::{Key, Magic, body, head, pack::Row};
use crate::index::{Spot, View};
use crate::objects::Objects;
use crate::session::pins::Pins;
use crate::session::readable::Shared;
use crate::tree::NodeId;
use crate::{Backend, Error, Options, Result};
use atelier_chunk::ChunkId;
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::{Arc, PoisonError, RwLock};

const MARKER: &Magic = b"ATSTORE";
/// What is unpacked and hashed where it is, without the way to another thread.
const SMALL_BYTES: u32 = 32 << 10;

/// The data of one project. Cheap to clone. Nothing is shared between two stores, chunks neither.
#[derive(Clone)]
pub struct Store(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) objects: Objects,
    pub(crate) options: Options,
    pub(crate) pins: Pins,
    view: RwLock<Arc<View>>,
    refreshing: tokio::sync::Mutex<()>,
    cache: Cache<Key, Bytes, Bytewise>,
    blocks: Blocks,
    pub(crate) readable: Shared,
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<Key, Bytes> for Bytewise {
    fn weight(&self, key: &Key, bytes: &Bytes) -> u64 {
        (key.len() + bytes.len()) as u64 + 64
    }
}

impl Store {
    /// Opens the store at this prefix, or makes one there. A prefix is per project: `projects/<id>`.
    pub async fn open(backend: &Backend, prefix: &str, options: Options) -> Result<Self> {
        options.check()?;
        let objects = Objects::new(backend.clone(), prefix)?;
        let marker = objects.marker();
        let marked = match objects.get_at(&marker).await {
            Err(error) if error.is_absent() => {
                Self::mark(&objects).await?;
                objects.get_at(&marker).await?
            }
            found => found?,
        };
        body(&marked, MARKER, marker.as_ref())?;
        let view = View::default().refreshed(&objects).await?;
        let cache = Cache::with_weighter(512, options.cache_bytes, Bytewise);
        let view = RwLock::new(Arc::new(view));
        let (pins, refreshing) = (Pins::default(), tokio::sync::Mutex::default());
        let (blocks, readable) = (Blocks::default(), Shared::default());
        Ok(Self(Arc::new(Inner { objects, options, pins, view, refreshing, cache, blocks, readable })))
    }

    /// Says of a prefix that a store is there, unless it is said.
    pub(crate) async fn mark(objects: &Objects) -> Result<()> {
        objects.create_at(&objects.marker(), head(MARKER).to_vec().into()).await
    }

    pub(crate) fn view(&self) -> Arc<View> {
        self.0.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the view; one at a time.
    pub(crate) async fn set_view(
        &self,
        change: impl AsyncFnOnce(&View) -> Result<View>,
    ) -> Result<Arc<View>> {
        let _one = self.0.refreshing.lock().await;
        let view = Arc::new(change(&self.view()).await?);
        *self.0.view.write().unwrap_or_else(PoisonError::into_inner) = view.clone();
        Ok(view)
    }

    /// Sees what other servers have written.
    pub(crate) async fn refresh(&self) -> Result<Arc<View>> {
        self.set_view(async |view| view.refreshed(&self.0.objects).await).await
    }

    /// The plain bytes of a chunk or node that was used a short while ago.
    pub(crate) fn cached(&self, key: &Key) -> Option<Bytes> {
        self.0.cache.get(key)
    }

    /// Keeps the plain bytes of a chunk or node, as long as there is room.
    pub(crate) fn keep(&self, key: Key, plain: Bytes) {
        self.0.cache.insert(key, plain);
    }

    /// The plain bytes of a chunk or node, checked.
    pub(crate) async fn chunk(&self, key: &Key) -> Result<Bytes> {
        if let Some(bytes) = self.cached(key) {
            return Ok(bytes);
        }
        let bytes = match self.view().read_from(key) {
            Some(spot) => match self.fetch(spot).await {
                // Its pack was rewritten: others know where the chunk is now.
                Err(error) if error.is_absent() => self.fetch_anew(key).await?,
                fetched => fetched?,
            },
            None => self.fetch_anew(key).await?,
        };
        self.keep(*key, bytes.clone());
        Ok(bytes)
    }

    async fn fetch_anew(&self, key: &Key) -> Result<Bytes> {
        let missing = || Error::Missing(ChunkId::from_bytes(*key).to_string());
        let spot = self.refresh().await?.read_from(key).ok_or_else(missing)?;
        self.fetch(spot).await.map_err(|error| if error.is_absent() { missing() } else { error })
    }

    async fn fetch(&self, spot: Spot) -> Result<Bytes> {
        let body = self.body(spot).await?;
        if spot.row.plain <= SMALL_BYTES {
            return plain(body, &spot);
        }
        tokio::task::spawn_blocking(move || plain(body, &spot)).await?
    }

    /// A chunk as it is stored.
    pub(crate) async fn body(&self, spot: Spot) -> Result<Bytes> {
        self.0.blocks.body(&self.0.objects, spot).await
    }
}

/// What was packed, if it still has its name.
pub(crate) fn plain(body: Bytes, spot: &Spot) -> Result<Bytes> {
    let row = &spot.row;
    let damaged = |reason: &str| {
        let name = ChunkId::from_bytes(row.key);
        Error::damaged(format!("the chunk {name} in packs/{}", spot.pack), reason)
    };
    let plain = match row.is_zstd {
        true => zstd::bulk::decompress(&body, row.plain as usize)
            .map_err(|_| damaged("it cannot be unpacked"))?
            .into(),
        false => body,
    };
    match plain.len() == row.plain as usize && key_of(row, &plain) == row.key {
        true => Ok(plain),
        false => Err(damaged("its hash is wrong")),
    }
}

fn key_of(row: &Row, plain: &[u8]) -> Key {
    match row.is_node {
        true => NodeId::of(plain).0,
        false => *ChunkId::of(plain).as_bytes(),
    }
}
