//! The people of an organization.

mod administrators;
mod resource;
mod routes;
mod store;

pub(super) use routes::routes;
