//! Organizations, the tenants.

mod resource;

pub use resource::{Installation, Organization};
pub(crate) use resource::{administrators, membership};
