//! Projects and their members.

mod resource;
mod routes;
pub mod sample;
mod store;

pub use resource::Project;
pub use routes::routes;
pub(crate) use store::insert;
