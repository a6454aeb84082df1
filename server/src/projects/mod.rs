//! Projects and their members.

mod describe;
mod groups;
mod members;
mod part;
mod resource;
mod revoked;
mod routes;
pub mod sample;
mod store;

pub use part::{Kind, Part};
pub use resource::Project;
#[cfg(test)]
pub use resource::ProjectRow;
pub(crate) use resource::owners;
pub(crate) use revoked::Revoked;
pub use routes::routes;
pub(crate) use store::insert;
