//! Tiers: the sizes that a session can have, what they cost, and whether the host can hold them.

pub mod host;
mod resource;
mod routes;
pub mod store;

pub use routes::routes;
pub(crate) use routes::to_api;
