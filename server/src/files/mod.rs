//! The files of a project: notebooks, programs, texts. One tree for each project, every version of it kept; what is
//! the same for everything that has versions is in `data`.

mod contents;
mod draft;
mod history;
mod merge;
mod removal;
mod resource;
mod sample;
mod store;
#[cfg(test)]
mod tests;
mod uploads;
mod versions;

pub use draft::{Saver, save};
pub use removal::sweep_regularly;
pub use resource::ProjectFiles;
pub use sample::begin_with_sample;
pub use store::writable;

use crate::access::Routes;

pub fn routes(routes: &mut Routes) {
    versions::routes(routes);
    contents::routes(routes);
    history::routes(routes);
    uploads::routes(routes);
    draft::routes(routes);
}
