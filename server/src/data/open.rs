//! What requests for the contents of versions have in common.

use super::{Holder, Holds, VersionRow, Which, describe, version};
use crate::access::Access;
use crate::app::App;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::objects;
use atelier_api::data::DataVersion;
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

/// A version as the API shows it.
pub fn shown(connection: &mut Connection, holder: &Holder, row: VersionRow) -> Result<DataVersion> {
    describe(connection, holder.object(), vec![row])?.pop().ok_or_else(Error::not_found)
}
