//! How a file is known to be the one that was seen before.

use serde::{Deserialize, Serialize};
use std::{
    fs::Metadata,
    os::unix::fs::MetadataExt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A file that changed so shortly before it was read may have changed once more without being told from it: clocks of
/// file systems tick.
const TICK: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) bytes: u64,
    inode: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    pub(crate) executable: bool,
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.len(),
            inode: metadata.ino(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            executable: metadata.mode() & 0o100 != 0,
        }
    }

    /// Whether it is the same file with the same content; a rename changes nothing of this.
    pub(crate) fn same_content(&self, other: &Self) -> bool {
        (self.bytes, self.inode, self.modified) == (other.bytes, other.inode, other.modified)
    }

    /// Whether it was at rest when it was read then: only then does an equal stamp mean equal content.
    pub(crate) fn at_rest(&self, read: SystemTime) -> bool {
        let since_epoch = read.duration_since(UNIX_EPOCH).unwrap_or_default();
        let last = self.changed.max(self.modified);
        let last = Duration::new(last.0.max(0).cast_unsigned(), u32::try_from(last.1).unwrap_or_default());
        last + TICK < since_epoch
    }
}
