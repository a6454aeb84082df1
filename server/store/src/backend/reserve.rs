use super::Backend;
use crate::Error;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

/// Enough for the lists that a collection writes of some ten thousand chunks.
const RESERVE_BYTES: usize = 4 << 20;
const NAME: &str = "reserve";

/// Room in a folder of this machine, so that what makes room can be written on a full disk. Remote object stores
/// need none.
impl Backend {
    /// Whether an error is that of a full disk, and there is more room now.
    pub(crate) async fn make_room(&self, error: &Error) -> bool {
        let Some(place) = self.place().filter(|_| error.is_full()) else { return false };
        tokio::task::spawn_blocking(move || fs::remove_file(place).is_ok()).await.unwrap_or_default()
    }

    /// Makes the reserve if it is not there and there is room; else the next collection tries it again.
    pub(crate) async fn keep_reserve(&self) {
        let Some(place) = self.place() else { return };
        // What failed is tried again; nothing depends on it now.
        tokio::task::spawn_blocking(move || make(&place)).await.ok();
    }

    fn place(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(NAME))
    }
}

fn make(place: &PathBuf) -> io::Result<()> {
    let mut file = match File::create_new(place) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        file => file?,
    };
    // Zeros that a file system may not leave out: no hole.
    file.write_all(&vec![0; RESERVE_BYTES]).inspect_err(|_| drop(fs::remove_file(place)))
}
