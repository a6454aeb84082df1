//! Where objects are kept: a folder of this machine or an object store by URL.

mod fit;
mod http;
mod remote;
mod reserve;
mod staging;

use crate::{Error, Result};
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

/// Where objects are kept. Cheap to clone; stores of all projects share one.
#[derive(Clone, Debug)]
pub struct Backend {
    pub(crate) objects: Arc<dyn ObjectStore>,
    /// The folder, if it is one of this machine.
    pub(crate) folder: Option<Arc<PathBuf>>,
}

impl Backend {
    /// A folder of this machine, made if it is not there. What is written there survives a power cut.
    pub fn folder(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(|source| Error::local(&folder, source))?;
        let folder = fs::canonicalize(&folder).map_err(|source| Error::local(&folder, source))?;
        let objects = LocalFileSystem::new_with_prefix(&folder);
        let objects = objects.map_err(|source| Error::backend(folder.display(), source))?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects), folder: Some(Arc::new(folder)) })
    }

    /// `s3://bucket/prefix`, `az://container/prefix`, `gs://bucket/prefix` or `file:///folder`, with options
    /// by object_store's names (`aws_access_key_id`, `aws_endpoint`, `azure_storage_account_key` …).
    pub fn url<I>(url: &str, options: I) -> Result<Self>
    where
        I: IntoIterator<Item = (String, String)>,
    {
        let parsed =
            url::Url::parse(url).map_err(|error| Error::Setting(format!("{url:?} is not a URL: {error}")))?;
        if parsed.scheme() == "file" {
            let folder = parsed.to_file_path();
            return Self::folder(folder.map_err(|()| Error::Setting(format!("{url:?} is not a folder")))?);
        }
        let (objects, prefix) = remote::connect(&parsed, options)?;
        Ok(Self::new(Arc::new(PrefixStore::new(objects, prefix))))
    }

    /// Any other object store, for one with a client or a retry policy of its own.
    pub fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects, folder: None }
    }

    /// Makes what was removed below a path stay removed, whatever happens.
    pub(crate) async fn sync(&self, path: &Path) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let folder = folder.join(path.as_ref());
        tokio::task::spawn_blocking(move || match fs::File::open(&folder).and_then(|file| file.sync_all()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::local(&folder, error)),
            _ => Ok(()),
        })
        .await?
    }
}
