//! Tiers: the sizes that a session can have, what they cost, and whether the host can hold them.

mod describe;
pub mod host;
mod resource;
mod routes;
mod startable;
pub mod store;

pub(crate) use describe::describe;
pub use routes::routes;
pub use startable::startable;
