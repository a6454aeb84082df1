//! How the files of a version go into a volume: what the server writes on the standard input of the agent's `fill`.
//!
//! An [`Entry`] is a line of JSON. After that of a file come its pieces: four bytes of length, the lowest first, and
//! the bytes, until all are there. A folder comes before what is in it, and all of that follows at once.

use serde::{Deserialize, Serialize};

/// The agent's exit code when the volume was full.
pub const EXIT_FULL: i64 = 65;
/// The agent's exit code when the volume cannot have a file of such a name.
pub const EXIT_UNFIT: i64 = 66;
/// The agent's exit code when its input ended early, or was not what was agreed.
pub const EXIT_CUT_OFF: i64 = 67;
/// The longest line.
pub const LONGEST_LINE: usize = 64 << 10;

/// One file or folder, or the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    Folder {
        path: String,
    },
    File {
        path: String,
        bytes: u64,
        executable: bool,
        /// What its content is called, found from its pieces; absent if it is empty.
        name: Option<String>,
    },
    /// All is there: so many files and folders.
    End {
        entries: u64,
    },
}
