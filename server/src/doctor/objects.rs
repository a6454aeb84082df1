//! Where the files of versions are.

use super::finding::Finding;
use crate::config::Config;
use crate::objects::{self, Place};
use rustix::fs::{Access, access};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const CHECK: &str = "objects";

/// An object store is written to and emptied again; a folder is looked at.
pub(super) async fn examine(config: &Config) -> Finding {
    let place = Place::of(config);
    match place.folder() {
        Some(path) => folder(path),
        None => store(&place).await,
    }
}

fn folder(path: &Path) -> Finding {
    let shown = path.display();
    let Ok(about) = std::fs::metadata(path) else {
        return Finding::good(CHECK, format!("{shown} will be made at the first start"));
    };
    if !about.is_dir() || access(path, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        let mend = format!("chown -R \"$USER\" {shown}");
        return Finding::bad(CHECK, format!("{shown} is no folder that the server may write"), mend);
    }
    if about.permissions().mode() & 0o007 != 0 {
        let detail = format!("{shown} can be read by every user of this machine; people's data is in it");
        return Finding::warning(CHECK, detail, format!("chmod 700 {shown}"));
    }
    Finding::good(CHECK, format!("{shown} is the server's own"))
}

async fn store(place: &Place) -> Finding {
    let checked = async {
        objects::open(place)?.check().await?;
        anyhow::Ok(())
    };
    match checked.await {
        Ok(()) => Finding::good(CHECK, format!("{place} can be relied on")),
        Err(error) => {
            let mend = "the setting storage_url and the variables beside it; docs/configuration.md";
            Finding::bad(CHECK, format!("{place}: {error:#}"), mend)
        }
    }
}
