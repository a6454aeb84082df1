//! The API for programs inside workloads.
//!
//! The agent offers it on the container's own loopback and carries each connection over the workload's
//! socket. Here HTTP is spoken on it, by the same routes as for browsers and with no other identity than
//! the socket's; [`crate::access::Inside`] says what such a caller may do.

mod routes;
mod serve;
mod store;

#[cfg(test)]
mod tests;

pub use routes::routes;
pub use serve::spawn;
