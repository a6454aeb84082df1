//! Drafts: what each person has in `/work`, kept while he or she works, saved into the project's files by file.

mod hide;
mod incoming;
mod resolve;
mod routes;
mod save;

pub(super) use routes::routes;
pub use save::{Saver, save};
