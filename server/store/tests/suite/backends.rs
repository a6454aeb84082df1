//! The folder and the object store that every test runs on.

use crate::moto::Moto;
use atelier_store::Backend;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// Where a test keeps its objects. Folder and program go away with it.
pub struct Place {
    pub backend: Backend,
    pub folder: Option<TempDir>,
    _moto: Option<Moto>,
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl Place {
    pub fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let backend = Backend::folder(folder.path()).unwrap();
        Self { backend, folder: Some(folder), _moto: None }
    }

    pub async fn s3() -> Self {
        let moto = Moto::start().await;
        Self { backend: moto.backend(None), folder: None, _moto: Some(moto) }
    }

    /// A prefix that no other test uses.
    pub fn prefix(&self) -> String {
        format!("projects/{}", NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Runs a test on each place.
pub fn each(test: impl AsyncFn(&Place)) {
    block_on(async {
        test(&Place::folder()).await;
        test(&Place::s3().await).await;
    });
}

pub fn block_on(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build().unwrap();
    runtime.block_on(test);
}
