use super::Backend;
use crate::{Error, Result};
use object_store::path::Path;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::time::SystemTime;

impl Backend {
    /// Removes the files right in this folder to which an object was being written when the writer died, if they
    /// are older than this. Remote object stores have none.
    pub(crate) async fn sweep(&self, folder: &Path, before: SystemTime) -> Result<()> {
        let Some(top) = &self.folder else { return Ok(()) };
        let folder = top.join(folder.as_ref());
        let swept = tokio::task::spawn_blocking(move || {
            sweep(&folder, before).map_err(|error| Error::local(&folder, error))
        });
        swept.await?
    }
}

fn sweep(folder: &PathBuf, before: SystemTime) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if !is_staging(&entry.file_name().to_string_lossy()) {
            continue;
        }
        // Its writer may be removing it.
        let removed =
            entry.metadata().and_then(|found| match found.is_file() && found.modified()? < before {
                true => fs::remove_file(entry.path()),
                false => Ok(()),
            });
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// object_store writes to the name with `#` and a number, and gives it its name when all of it is there.
fn is_staging(name: &str) -> bool {
    name.rsplit_once('#')
        .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
}
