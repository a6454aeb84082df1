//! Files and folders of a project that not everybody may read who may read the others. Who may is said by grants; what
//! somebody may not read is in no list, no download and no session of his or hers.

mod routes;
mod store;

pub(super) use routes::routes;
pub use store::forget;
pub(super) use store::{hidden, repeat};
