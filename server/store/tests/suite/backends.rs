//! The folder and the object store that every test runs on.

use atelier_store::Backend;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where a test keeps its objects.
pub struct Place {
    pub backend: Backend,
    /// Goes away with the place.
    pub folder: Option<tempfile::TempDir>,
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl Place {
    pub fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let backend = Backend::folder(folder.path()).unwrap();
        Self { backend, folder: Some(folder) }
    }

    /// A prefix that no other test uses.
    pub fn prefix(&self) -> String {
        format!("projects/{}", NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Runs a test on each place.
pub fn each(test: impl AsyncFn(&Place)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        test(&Place::folder()).await;
    });
}
