//! Where the bytes of versions are kept: a store per project, all in one folder or object store.

mod backend;
pub mod command;
mod problem;

pub use backend::{Place, open};
pub use problem::SESSION_OVER;

use crate::config::Config;
use crate::error::{Error, Result};
use anyhow::Context;
use atelier_store::{Backend, Options, Root, Store};
use quick_cache::sync::Cache;
use std::time::Duration;

/// Stores that are kept open; the one that was not used for longest goes. An index takes about 60 bytes for a
/// chunk, so a million files some 60 MB.
const OPEN: usize = 8;
/// Chunks and nodes that each of them keeps in memory.
const CACHE_BYTES: u64 = 8 << 20;

/// The stores of all projects.
pub struct Objects {
    backend: Backend,
    options: Options,
    open: Cache<String, Store>,
}

impl Objects {
    /// # Errors
    /// If the setting is wrong, the folder cannot be made, or the object store does not answer or is not one
    /// that can be relied on.
    pub async fn start(config: &Config) -> anyhow::Result<Objects> {
        let place = Place::of(config);
        let backend = open(&place)?;
        let wrong = || format!("setting storage_url (ATELIER_STORAGE_URL): {place} cannot be used");
        backend.check().await.with_context(wrong)?;
        Ok(Objects { backend, options: options(config), open: Cache::new(OPEN) })
    }

    /// How long what one was told is there may be relied on.
    pub fn session_life(&self) -> Duration {
        self.options.session_life
    }

    /// The store of a project; made at its first use.
    ///
    /// # Errors
    /// If the object store does not answer, or what is there is not ours.
    pub async fn of(&self, project_id: &str) -> Result<Store> {
        let prefix = prefix(project_id);
        let open = Store::open(&self.backend, &prefix, self.options.clone());
        Ok(self.open.get_or_insert_async(project_id, open).await?)
    }
}

/// How stores work here. Fewer packs on their way than the library would have: many upload at once.
pub fn options(config: &Config) -> Options {
    let grace = Duration::from_secs(config.garbage_grace_seconds.into());
    Options { cache_bytes: CACHE_BYTES, uploads: 2, session_life: grace / 2, grace, ..Options::default() }
}

/// Where the objects of a project are.
pub fn prefix(project_id: &str) -> String {
    format!("projects/{project_id}")
}

/// A root as rows keep it.
///
/// # Errors
/// If it is none, which is a fault of ours.
pub fn root(text: &str) -> Result<Root> {
    text.parse().map_err(Error::internal)
}
