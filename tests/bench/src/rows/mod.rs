//! What is measured.

pub mod api;
pub mod crowd;
pub mod decision;
pub mod first_load;
pub mod flat;
pub mod flat_agent;
mod many;
pub mod million;
pub mod navigation;
pub mod proxy;
pub mod push;
pub mod sockets;
pub mod start;
pub mod versions;
