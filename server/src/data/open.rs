//! What requests for the contents of versions have in common.

use super::{Hidden, Holder, Holds, Which, version};
use crate::access::Access;
use crate::app::App;
use crate::error::Result;
use crate::objects;
use atelier_store::{FileInfo, Root, Store, TreePath};
use serde::Deserialize;

/// A version that is compared with another one.
#[derive(Deserialize)]
pub struct Since {
    pub since: String,
    pub cursor: Option<String>,
}

#[derive(Deserialize)]
pub struct FilePath {
    pub path: String,
}

/// A folder, or everything.
#[derive(Deserialize)]
pub struct Below {
    pub path: Option<String>,
}

impl Below {
    /// # Errors
    /// If it is no path.
    pub fn folder(&self) -> Result<Option<TreePath>> {
        let named = self.path.as_deref().filter(|path| !path.is_empty());
        Ok(named.map(TreePath::new).transpose()?)
    }
}

/// A version, for somebody who may read it.
pub struct Opened {
    pub store: Store,
    pub root: Root,
    /// When it was made.
    pub at: i64,
    /// What may not be read of it.
    pub hidden: Hidden,
}

impl Opened {
    /// # Errors
    /// Not found, if there is no such file, or none that may be read.
    pub async fn file(&self, path: &TreePath) -> Result<FileInfo> {
        self.hidden.check(path)?;
        Ok(self.store.file(self.root, path).await?)
    }

    /// The version itself, if no folder of it is named.
    ///
    /// # Errors
    /// Not found, if there is no such folder, or none that may be read; 409 if it is a file.
    pub async fn folder(&self, path: Option<&TreePath>) -> Result<Root> {
        let Some(path) = path else { return Ok(self.root) };
        self.hidden.check(path)?;
        Ok(self.store.folder(self.root, path).await?)
    }
}

pub async fn open<R: Holds, P>(app: &App, access: &Access<R, P>, which: Which) -> Result<Opened> {
    let holder = Holder::of(access)?;
    let (store, hidden) = (app.objects.of(holder.project_id()).await?, holder.hidden().clone());
    let row = app.db.read(move |connection| version(connection, &holder, &which)).await?;
    Ok(Opened { store, root: objects::root(&row.root)?, at: row.created_at, hidden })
}
