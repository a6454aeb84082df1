//! An object store that fails at one write, as a crash or a lost answer would make it.

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What happens at the write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written, and nothing answers any more.
    DiesBefore,
    /// It is written, and nothing answers any more.
    DiesAfter,
    /// Nothing is written; the next one is.
    FailsOnce,
    /// It is written, but the answer is lost.
    AnswerLost,
}

#[derive(Debug, Clone)]
pub struct Faulty(Arc<State>);

#[derive(Debug)]
struct State {
    inner: Arc<dyn ObjectStore>,
    fault: Fault,
    at: u64,
    writes: AtomicU64,
    reads: AtomicU64,
}

impl Faulty {
    /// Fails at the nth write, counted from 1.
    pub fn new(inner: Arc<dyn ObjectStore>, fault: Fault, at: u64) -> Self {
        Self(Arc::new(State { inner, fault, at, writes: AtomicU64::new(0), reads: AtomicU64::new(0) }))
    }

    /// Whether the fault has come about.
    pub fn has_failed(&self) -> bool {
        self.0.writes.load(Ordering::SeqCst) >= self.0.at
    }

    /// Objects, or ranges of them, that were read so far.
    pub fn reads(&self) -> u64 {
        self.0.reads.load(Ordering::SeqCst)
    }

    fn is_dead(&self) -> bool {
        self.has_failed() && matches!(self.0.fault, Fault::DiesBefore | Fault::DiesAfter)
    }

    fn answers(&self) -> Result<()> {
        if self.is_dead() { Err(broken()) } else { Ok(()) }
    }

    async fn write<T>(&self, write: impl Future<Output = Result<T>>) -> Result<T> {
        self.answers()?;
        if self.0.writes.fetch_add(1, Ordering::SeqCst) + 1 != self.0.at {
            return write.await;
        }
        if matches!(self.0.fault, Fault::DiesAfter | Fault::AnswerLost) {
            write.await?;
        }
        Err(broken())
    }
}

fn broken() -> object_store::Error {
    object_store::Error::Generic { store: "faulty", source: "the fault that the test wants".into() }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "faulty {}", self.0.inner)
    }
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn put_opts(&self, at: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.write(self.0.inner.put_opts(at, payload, options)).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.0.inner.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        self.answers()?;
        self.0.reads.fetch_add(1, Ordering::SeqCst);
        self.0.inner.get_opts(at, options).await
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let this = self.clone();
        let delete = move |path: Result<Path>| {
            let this = this.clone();
            async move {
                let path = path?;
                let one = futures::stream::iter([Ok(path.clone())]).boxed();
                let mut deleted = this.0.inner.delete_stream(one);
                this.write(async { deleted.next().await.unwrap_or(Ok(path)) }).await
            }
        };
        paths.then(delete).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        match self.answers() {
            Ok(()) => self.0.inner.list(prefix),
            Err(error) => futures::stream::iter([Err(error)]).boxed(),
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.answers()?;
        self.0.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.write(self.0.inner.copy_opts(from, to, options)).await
    }
}
