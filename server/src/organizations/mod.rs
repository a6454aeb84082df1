//! Organizations, the tenants.

mod default_tiers;
mod resource;
mod store;

pub use resource::{Installation, Organization};
pub(crate) use resource::{administrators, membership};
pub(crate) use store::insert;
