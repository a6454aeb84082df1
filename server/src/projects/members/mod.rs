//! The members of a project.

mod resource;
mod role;
mod routes;
mod store;

pub(super) use routes::routes;
