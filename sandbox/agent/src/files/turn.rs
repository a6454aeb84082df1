//! What is the agent's own in a folder: whose turn it is, and what it has to remember.

use super::{client::Trouble, rules::OWN};
use std::{
    fs::{self, File},
    io,
    path::Path,
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// For another session of the person, which is at it.
const TURN: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_millis(200);

/// Sessions of one person share a folder: one of them at a time looks after it, as long as it holds this.
pub(super) async fn turn(root: &Path) -> Result<File, Trouble> {
    let own = root.join(OWN);
    fs::create_dir_all(&own)?;
    let lock = File::create(own.join("lock"))?;
    let deadline = Instant::now() + TURN;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(fs::TryLockError::WouldBlock) if Instant::now() < deadline => sleep(AGAIN).await,
            Err(fs::TryLockError::WouldBlock) => {
                return Err(Trouble::Away("another session of yours is at the same folder".to_owned()));
            }
            Err(fs::TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}

/// Replaces a file by another one, whole.
pub(super) fn write_down(path: &Path, text: impl AsRef<[u8]>) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text)?;
    File::open(&new)?.sync_all()?;
    fs::rename(new, path)
}
