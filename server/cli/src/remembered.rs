//! Uploads that have not ended: run again, a push goes on with the same one.

use crate::error::Error;
use crate::servers::{folder, write_private};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// The server forgets an upload after a week without a request.
const KEPT: Duration = Duration::from_secs(8 * 24 * 3600);

/// Where the upload of one push is remembered.
pub(crate) struct Remembered(PathBuf);

impl Remembered {
    /// The place for a push that these words tell from every other.
    pub(crate) fn of(words: &[&str]) -> Result<Remembered, Error> {
        let folder = folder("XDG_STATE_HOME", ".local/state")?.join("uploads");
        forget_old(&folder);
        Ok(Remembered(folder.join(name(words))))
    }

    pub(crate) fn upload(&self) -> Option<String> {
        fs::read_to_string(&self.0).ok().map(|text| text.trim().to_owned()).filter(|id| !id.is_empty())
    }

    pub(crate) fn remember(&self, upload: &str) -> Result<(), Error> {
        write_private(&self.0, upload.as_bytes())
    }

    /// It has ended. What cannot be removed is asked for once more, in vain.
    pub(crate) fn forget(&self) {
        fs::remove_file(&self.0).ok();
    }
}

/// The name of a file for what these words tell from everything else.
pub(crate) fn name(words: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for word in words {
        hasher.update(&(word.len() as u64).to_le_bytes()).update(word.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn forget_old(folder: &PathBuf) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let changed = entry.metadata().and_then(|metadata| metadata.modified());
        let age = changed.ok().and_then(|at| SystemTime::now().duration_since(at).ok());
        if age.is_some_and(|age| age > KEPT) {
            fs::remove_file(entry.path()).ok();
        }
    }
}
