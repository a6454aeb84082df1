//! The files that asks name, read from the server.

use bytes::Bytes;
use datafusion::common::exec_err;
use datafusion::execution::object_store::ObjectStoreRegistry;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::SendRequest;
use hyper::header::RANGE;
use hyper::{Request, StatusCode};
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use tokio::net::UnixStream;
use url::Url;

/// The only place that plans can read from.
pub const ADDRESS: &str = "version://files";
const STORE: &str = "version";

/// The server's end of the second connection. Locations are `<bytes>/<key>`.
#[derive(Clone, Debug)]
pub struct Feed(SendRequest<Full<Bytes>>);

impl Feed {
    /// What comes back second moves the bytes.
    pub async fn new(
        socket: UnixStream,
    ) -> hyper::Result<(Feed, impl Future<Output = hyper::Result<()>> + Send)> {
        let (send, moving) = atelier_query::client(socket).await?;
        Ok((Feed(send), moving))
    }

    /// Where a file is found.
    pub fn place(file: &atelier_query::File) -> ObjectMeta {
        // Equal keys are equal bytes: it never changes.
        let location = Path::from(format!("{}/{}", file.bytes, file.key));
        ObjectMeta {
            location,
            last_modified: Default::default(),
            size: file.bytes,
            e_tag: None,
            version: None,
        }
    }

    async fn read(&self, key: &str, range: Range<u64>) -> Result<BoxStream<'static, Result<Bytes>>> {
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let bytes = format!("bytes={}-{}", range.start, range.end - 1);
        let request = Request::get(format!("http://server/{key}")).header(RANGE, bytes);
        let request = request.body(Full::default()).map_err(generic)?;
        let response = self.0.clone().send_request(request).await.map_err(generic)?;
        if response.status() != StatusCode::PARTIAL_CONTENT {
            return Err(generic(format!("the file could not be read: {}", response.status())));
        }
        Ok(response.into_body().into_data_stream().map_err(generic).boxed())
    }
}

impl fmt::Display for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("versions")
    }
}

#[async_trait::async_trait]
impl ObjectStore for Feed {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let known = || {
            let (bytes, key) = location.as_ref().split_once('/')?;
            Some((bytes.parse().ok()?, key.to_owned()))
        };
        let (bytes, key) = known().ok_or_else(|| generic("no such file"))?;
        let file = atelier_query::File { key, bytes };
        let meta = Feed::place(&file);
        let range = match &options.range {
            None => 0..bytes,
            Some(range) => range.as_range(bytes).map_err(generic)?,
        };
        let read =
            if options.head { stream::empty().boxed() } else { self.read(&file.key, range.clone()).await? };
        Ok(GetResult {
            payload: GetResultPayload::Stream(read),
            meta,
            range,
            attributes: Attributes::default(),
        })
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        only_read()
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        only_read()
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        stream::once(async { only_read() }).boxed()
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        stream::once(async { only_read() }).boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        only_read()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        only_read()
    }
}

fn only_read<T>() -> Result<T> {
    Err(Error::NotSupported { source: "files of versions are only read, by their keys".into() })
}

fn generic(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Generic { store: STORE, source: source.into() }
}

/// So that no plan finds another store, as that of the host's files.
#[derive(Debug)]
pub struct OnlyFeed(pub Arc<Feed>);

impl ObjectStoreRegistry for OnlyFeed {
    fn register_store(&self, _: &Url, _: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        None
    }

    fn get_store(&self, address: &Url) -> datafusion::error::Result<Arc<dyn ObjectStore>> {
        if address.scheme() == STORE { Ok(self.0.clone()) } else { exec_err!("there is no such store") }
    }
}
