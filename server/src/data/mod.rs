//! Versions of data, and the tags that point to them, whatever it is that has them. What has them is a row of
//! another table: its noun guards it, and comes here with a [`Holder`].

mod archive;
mod changes;
mod content;
mod describe;
mod garbage;
mod hidden;
mod history;
mod holder;
mod insert;
mod last_changes;
mod listing;
mod meant;
mod open;
mod removal;
mod restore;
mod rows;
mod tags;
#[cfg(test)]
mod tests;
mod told;
mod trash;
mod which;

pub use archive::archive;
pub use changes::changes;
pub use content::{Wish, attachment, content};
pub use describe::describe;
pub use garbage::{Kept, collect, collect_regularly, kept, projects as projects_with_data};
pub use hidden::Hidden;
pub use history::history;
pub use holder::{Author, Holder, Holds};
pub use insert::{NewVersion, insert_version};
pub use last_changes::last_changes;
pub use listing::entries;
pub use meant::meant;
pub use open::{Below, FilePath, Opened, Since, open};
pub use removal::{any_to_remove, remove_all, remove_trashed};
pub use restore::restore;
pub use rows::{VersionRow, latest, list, summaries, version};
pub use tags::{Tag, delete as delete_tag, set as set_tag};
pub use told::{Told, inputs, tell};
pub use trash::{TRASH_MS, forgotten_at, set_trashed};
pub use which::Which;
