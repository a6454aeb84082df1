//! Groups of an organization's people, who are given roles and other rights together.

mod people;
mod resource;
mod routes;
mod store;

pub use routes::routes;
