use crate::{Backend, Error, Result};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutPayload};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::time::SystemTime;
use uuid::Uuid;

/// The name of a pack: unlike any before it, and after them in time. Written as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PackId(Uuid);

impl PackId {
    pub(crate) fn new() -> Self {
        Self(Uuid::now_v7())
    }

    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Uuid::parse_str(name).ok().map(Self)
    }
}

impl fmt::Display for PackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.simple(), f)
    }
}

impl FromStr for PackId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text).ok_or_else(|| Error::Setting(format!("{text:?} is not the name of a pack")))
    }
}

/// The folders of a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Area {
    Packs,
    Index,
    Condemned,
}

impl Area {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Packs => "packs",
            Self::Index => "index",
            Self::Condemned => "condemned",
        }
    }
}

/// The objects of one store: those below its prefix.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    backend: Backend,
    prefix: Path,
}

impl Objects {
    pub(crate) fn new(backend: Backend, prefix: &str) -> Result<Self> {
        let prefix = Path::parse(prefix).map_err(|error| Error::Setting(format!("{prefix:?}: {error}")))?;
        Ok(Self { backend, prefix })
    }

    fn area(&self, area: Area) -> Path {
        self.prefix.clone().join(area.name())
    }

    fn path(&self, area: Area, name: &str) -> Path {
        self.area(area).join(name)
    }

    pub(crate) fn marker(&self) -> Path {
        self.prefix.clone().join("format")
    }

    /// Writes an object that was not there; that it is there already is an answer that was lost.
    pub(crate) async fn create(&self, area: Area, name: &str, payload: PutPayload) -> Result<()> {
        self.create_at(&self.path(area, name), payload).await
    }

    pub(crate) async fn create_at(&self, path: &Path, payload: PutPayload) -> Result<()> {
        use object_store::Error::{AlreadyExists, Precondition};
        match self.backend.objects.put_opts(path, payload, PutMode::Create.into()).await {
            Ok(_) | Err(AlreadyExists { .. } | Precondition { .. }) => Ok(()),
            Err(source) => Err(Error::backend(path, source)),
        }
    }

    pub(crate) async fn get(&self, area: Area, name: &str) -> Result<Bytes> {
        self.get_at(&self.path(area, name)).await
    }

    pub(crate) async fn get_at(&self, path: &Path) -> Result<Bytes> {
        let failed = |source| Error::backend(path, source);
        self.backend.objects.get(path).await.map_err(failed)?.bytes().await.map_err(failed)
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }

    /// Whether reading is a matter of microseconds.
    pub(crate) fn is_local(&self) -> bool {
        self.backend.folder.is_some()
    }

    /// A range of a pack, all of it.
    pub(crate) async fn range(&self, pack: PackId, range: Range<u64>) -> Result<Bytes> {
        let bytes = self.some_of(pack, range.clone()).await?;
        self.whole(pack, bytes, range.end - range.start)
    }

    /// What a pack has of a range.
    pub(crate) async fn some_of(&self, pack: PackId, range: Range<u64>) -> Result<Bytes> {
        let path = self.path(Area::Packs, &pack.to_string());
        let bytes = self.backend.objects.get_range(&path, range).await;
        bytes.map_err(|source| Error::backend(&path, source))
    }

    /// Bytes of a pack, if they are so many.
    pub(crate) fn whole(&self, pack: PackId, bytes: Bytes, expected: u64) -> Result<Bytes> {
        match bytes.len() as u64 == expected {
            true => Ok(bytes),
            false => Err(Error::damaged(self.path(Area::Packs, &pack.to_string()), "it is cut short")),
        }
    }

    /// The objects of an area, in no order.
    pub(crate) async fn list(&self, area: Area) -> Result<Vec<ObjectMeta>> {
        let path = self.area(area);
        let listed = self.backend.objects.list(Some(&path)).try_collect().await;
        listed.map_err(|source| Error::backend(&path, source))
    }

    /// Removes what writes that broke off have left behind, if it is older than this.
    pub(crate) async fn sweep(&self, before: SystemTime) -> Result<()> {
        self.backend.sweep(&self.prefix, before).await?;
        for area in [Area::Packs, Area::Index, Area::Condemned] {
            self.backend.sweep(&self.area(area), before).await?;
        }
        Ok(())
    }

    /// Removes objects; those that are gone already are no fault. They stay removed.
    pub(crate) async fn remove(&self, area: Area, names: &[String]) -> Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let paths: Vec<_> = names.iter().map(|name| Ok(self.path(area, name))).collect();
        let mut removed = self.backend.objects.delete_stream(futures::stream::iter(paths).boxed());
        while let Some(one) = removed.next().await {
            match one {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(source) => return Err(Error::backend(self.area(area), source)),
            }
        }
        self.backend.sync(&self.area(area)).await
    }
}
