//! What requests for the contents of versions have in common.

use super::{Holder, Holds, Which, version};
use crate::access::Access;
use crate::app::App;
use crate::error::Result;
use crate::objects;
use atelier_store::{Root, Store};
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

/// The store, the version's root, and when the version was made.
pub async fn open<R: Holds, P>(app: &App, access: &Access<R, P>, which: Which) -> Result<(Store, Root, i64)> {
    let holder = Holder::of(access)?;
    let store = app.objects.of(holder.project_id()).await?;
    let row = app.db.read(move |connection| version(connection, &holder, &which)).await?;
    Ok((store, objects::root(&row.root)?, row.created_at))
}
