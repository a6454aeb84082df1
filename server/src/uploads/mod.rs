//! Versions in the making.
//!
//! An upload is a row with a tree of its own, which nobody but its author sees. Each change applies to that tree
//! through the store and then moves the row from the old root to the new one; the last step, [`commit`], makes
//! the tree a version. Chunks that were sent are known to a [`session`](sessions::Sending) in memory; whoever lost it (the
//! server was killed, another server is asked) is told anew which are lacking.

mod change;
mod commit;
mod committer;
pub mod draft;
mod expire;
mod frames;
mod restore;
mod rows;
mod sessions;
mod stream;

pub use change::{cancel, chunks, file, files, lacking};
pub use commit::commit;
pub use committer::Committer;
pub use expire::expire_regularly;
pub use restore::restore_file;
pub use rows::{Row, create, get, list};
pub use sessions::{Uploads, flush_regularly};
