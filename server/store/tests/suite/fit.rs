//! Object stores that are refused at the start.

use crate::backends::{block_on, each};
use crate::moto::Moto;
use async_trait::async_trait;
use atelier_store::{Backend, Error};
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use std::fmt;
use std::sync::Arc;

/// Overwrites whatever the request says.
#[derive(Debug)]
struct Careless(InMemory);

impl fmt::Display for Careless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("careless")
    }
}

#[async_trait]
impl ObjectStore for Careless {
    async fn put_opts(&self, at: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.0.put_opts(at, payload, PutOptions { mode: PutMode::Overwrite, ..options }).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.get_opts(at, options).await
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

#[test]
fn one_that_ignores_conditions_is_refused() {
    block_on(async {
        let error = Backend::new(Arc::new(Careless(InMemory::new()))).check().await.unwrap_err();
        assert!(matches!(&error, Error::Unfit(reason) if reason.contains("If-None-Match")), "{error}");
    });
}

#[test]
fn those_that_the_tests_run_on_are_fit_and_left_as_they_were() {
    each(async |place| {
        place.backend.check().await.unwrap();
        place.backend.check().await.unwrap();
    });
}

#[test]
fn a_wrong_secret_is_told() {
    block_on(async {
        let moto = Moto::start().await;
        let error = moto.backend(Some("wrong")).check().await.unwrap_err();
        assert!(matches!(error, Error::Backend { .. }), "{error}");
    });
}
