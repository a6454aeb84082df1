//! Versioned, content-addressed trees of files on an object store or a folder.
//!
//! A [`Backend`] is where objects are kept, a [`Store`] is the data of one project in it. A [`Session`] writes:
//! ask which chunks are [`lacking`](Session::lacking), [`put`](Session::put) them (or
//! [`write`](Session::write) a whole file), [`commit`](Session::commit) the changes; that yields a [`Root`], the
//! name of a version. Write it down, it is the only way in: the store itself knows no versions, users or
//! rights. What is written down nowhere is garbage, which [`Store::collect`] removes.
//!
//! The format is told in `docs/store-format.md`. Nothing here computes or waits for a disk on an async thread.

mod backend;
mod blocks;
mod error;
mod file;
mod format;
mod gc;
mod index;
mod local;
mod objects;
mod options;
mod path;
mod scrub;
mod session;
mod store;
mod transfer;
mod tree;

pub use atelier_chunk::{ChunkId, Cutter, MAX_BYTES as MAX_CHUNK_BYTES, ParseIdError};
pub use backend::Backend;
pub use error::{Error, Result};
pub use file::Read;
pub use format::FORMAT_VERSION;
pub use gc::{Collected, Collection, Share, Shares, Stored};
pub use local::Imported;
pub use objects::PackId;
pub use options::Options;
pub use path::{MAX_PATH_BYTES, TreePath};
pub use scrub::{Broken, Damage, Rebuilt, Verified};
pub use session::{Change, Committed, Merged, Session};
pub use store::Store;
pub use transfer::{Export, Import, StoreImport};
pub use tree::{Content, Diff, Difference, FileInfo, Found, Info, NodeId, Page, Root, Totals, Walk};
