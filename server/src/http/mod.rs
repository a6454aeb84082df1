//! What every request has in common, apart from the question who may.

pub mod body;
pub mod client;
pub mod fetch_site;
pub mod headers;
pub mod health;
pub mod idempotency;
pub mod openapi;
pub mod page;
pub mod part;
pub mod query;
pub mod span;
pub mod version;
pub mod viewer;
pub mod wording;
