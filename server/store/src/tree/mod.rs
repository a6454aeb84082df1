//! A version as a tree of nodes that are named by their content. The entries of a folder, and the chunks of a
//! large file, are split into nodes where their own names say so, so that equal parts of two versions are equal
//! nodes, whatever came before them.

pub(crate) mod apply;
pub(crate) mod content;
pub(crate) mod cursor;
mod diff;
pub(crate) mod edit;
pub(crate) mod merge;
pub(crate) mod nodes;
pub(crate) mod page;
mod pair;
mod split;
mod types;
mod walk;

pub use diff::{Diff, Difference};
pub use page::{Info, Page};
pub use types::{Content, FileInfo, NodeId, Root, Totals};
pub(crate) use types::{Entry, Folder, Held, Kind};
pub use walk::{Found, Walk};
