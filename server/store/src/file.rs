use crate::tree::content::Chunks;
use crate::tree::nodes::Nodes;
use crate::tree::{Content, FileInfo, Kind, Root, page};
use crate::{Error, Result, Store, TreePath};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesOrdered;
use std::ops::Range;

/// Chunks that are fetched before they are asked for.
const AHEAD: usize = 3;

impl Store {
    /// The file at a path of a version.
    pub async fn file(&self, root: Root, path: &TreePath) -> Result<FileInfo> {
        match page::lookup(&Nodes::of(self), root, path).await? {
            Kind::File(file) => Ok(file),
            Kind::Folder(_) => Err(Error::Conflict { path: path.to_string(), is: "folder" }),
        }
    }

    /// Reads a range of a file, cut to its length. Its first bytes come after one chunk was fetched.
    pub async fn read(&self, content: &Content, range: Range<u64>) -> Result<Read> {
        let end = range.end.min(content.bytes);
        let start = range.start.min(end);
        let (chunks, skip) = Chunks::from(&Nodes::of(self), content, start).await?;
        Ok(Read {
            store: self.clone(),
            chunks,
            fetching: FuturesOrdered::new(),
            skip,
            left: end - start,
            begun: 0,
        })
    }
}

type Fetch = futures::future::BoxFuture<'static, Result<Bytes>>;

/// Bytes of a file, piece by piece, each checked against its hash.
pub struct Read {
    store: Store,
    chunks: Chunks,
    fetching: FuturesOrdered<Fetch>,
    /// Bytes of the next piece before the range.
    skip: u64,
    /// Bytes of the range not yet handed out.
    left: u64,
    /// Bytes of the chunks being fetched.
    begun: u64,
}

impl Read {
    /// The next bytes; none at the end of the range.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.left == 0 {
            return Ok(None);
        }
        while self.fetching.len() < AHEAD && self.begun < self.left + self.skip {
            let Some((chunk, bytes)) = self.chunks.next(&Nodes::of(&self.store)).await? else { break };
            self.begun += bytes;
            let store = self.store.clone();
            self.fetching.push_back(Box::pin(async move { store.chunk(chunk.as_bytes()).await }));
        }
        let Some(bytes) = self.fetching.next().await.transpose()? else {
            return Err(Error::damaged("a list of chunks", "it is shorter than its file"));
        };
        self.begun = self.begun.saturating_sub(bytes.len() as u64);
        let from = self.skip.min(bytes.len() as u64);
        let to = (from + self.left).min(bytes.len() as u64);
        self.skip = 0;
        self.left -= to - from;
        Ok(Some(bytes.slice(from as usize..to as usize)))
    }

    /// The same as a stream, for the body of an answer.
    pub fn into_stream(self) -> impl futures::Stream<Item = Result<Bytes>> + Send + 'static {
        futures::stream::try_unfold(self, |mut read| async move {
            Ok(read.next().await?.map(|bytes| (bytes, read)))
        })
    }
}
