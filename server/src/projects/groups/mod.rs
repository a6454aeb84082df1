//! The groups that have a role in a project.

mod resource;
mod routes;
mod store;

pub(super) use routes::routes;
