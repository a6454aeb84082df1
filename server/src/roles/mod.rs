//! Custom roles: an organization's own roles for its projects.

mod resource;
mod routes;
mod store;

pub use routes::routes;
