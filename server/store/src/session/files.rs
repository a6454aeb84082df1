//! Files made of chunks: of those that were sent, of a stream of bytes, or of a version that may be read.

use super::Session;
use super::squeeze::Squeezed;
use crate::index::View;
use crate::tree::content::Lister;
use crate::tree::{Content, FileInfo};
use crate::{Error, Result, Root, TreePath};
use atelier_chunk::{ChunkId, Cutter};
use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use std::pin::pin;
use std::sync::Arc;

/// Lacking chunks that are named at once.
const NAMED: usize = 10_000;
/// Groups of chunks that are hashed and squeezed at once.
const AT_ONCE: usize = 3;
/// Bytes that are cut together on another thread, at least.
const GROUP_BYTES: usize = 4 << 20;

impl Session {
    /// The file that these chunks make up, in this order. Refused if one is lacking: it names them.
    pub async fn content(&self, chunks: impl IntoIterator<Item = ChunkId>) -> Result<Content> {
        self.check_age()?;
        let mut lister = Lister::default();
        let mut lacking = Vec::new();
        for chunk in chunks {
            match self.length(&chunk).await? {
                Some(bytes) if lacking.is_empty() => lister.push(&self.packer, chunk, bytes).await?,
                Some(_) => {}
                None if lacking.len() < NAMED => lacking.push(chunk),
                None => break,
            }
        }
        if !lacking.is_empty() {
            return Err(Error::Lacking(lacking));
        }
        lister.finish(&self.packer).await
    }

    /// The file at a path of a version that may be read: nothing is sent or copied.
    pub async fn existing(&self, root: Root, path: &TreePath) -> Result<FileInfo> {
        self.may_read(root)?;
        self.store.file(root, path).await
    }

    /// Takes a whole file as a stream of bytes and cuts it here.
    pub async fn write<E>(
        &self,
        bytes: impl Stream<Item = std::result::Result<Bytes, E>> + Send,
    ) -> Result<Content, E>
    where
        E: From<Error> + Send,
    {
        self.check_age()?;
        let view = self.store.view();
        let groups = cut(Box::pin(bytes)).map_ok(|chunks| squeezed(chunks, view.clone()));
        let mut groups = pin!(groups.try_buffered(AT_ONCE));
        let mut lister = Lister::default();
        while let Some(group) = groups.try_next().await? {
            for (id, chunk) in group {
                lister.push(&self.packer, id, chunk.row.plain).await?;
                self.packer.add(chunk).await?;
            }
        }
        Ok(lister.finish(&self.packer).await?)
    }
}

/// Chunks in groups, cut on another thread.
fn cut<S, E>(bytes: S) -> impl Stream<Item = std::result::Result<Vec<Bytes>, E>>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
    E: From<Error>,
{
    futures::stream::try_unfold((bytes, Some(Cutter::new())), |(mut bytes, cutter)| async move {
        let Some(mut cutter) = cutter else { return Ok(None) };
        let (mut parts, mut gathered) = (Vec::new(), 0);
        while gathered < GROUP_BYTES
            && let Some(part) = bytes.try_next().await?
        {
            gathered += part.len();
            parts.push(part);
        }
        let ended = gathered < GROUP_BYTES;
        let cutting = tokio::task::spawn_blocking(move || {
            let mut chunks = Vec::new();
            for part in parts {
                cutter.push(&part);
                chunks.extend(std::iter::from_fn(|| cutter.take()));
            }
            if ended {
                chunks.extend(cutter.finish());
                return (chunks, None);
            }
            (chunks, Some(cutter))
        });
        let (chunks, cutter) = cutting.await.map_err(Error::from)?;
        Ok(Some((chunks, (bytes, cutter))))
    })
}

/// Hashes and squeezes on another thread.
fn squeezed<E: From<Error>>(
    chunks: Vec<Bytes>,
    view: Arc<View>,
) -> impl Future<Output = std::result::Result<Vec<(ChunkId, Squeezed)>, E>> {
    let one = move |bytes: Bytes| {
        let id = ChunkId::of(&bytes);
        (id, Squeezed::chunk(id, bytes, &view))
    };
    let all = tokio::task::spawn_blocking(move || chunks.into_iter().map(one).collect());
    async { Ok(all.await.map_err(Error::from)?) }
}
