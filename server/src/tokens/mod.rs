//! Personal access tokens: by them programs outside a browser act for a person. What they may be used for
//! is decided in `access`; here people make and revoke them.

mod routes;
mod store;

pub use routes::routes;
pub(crate) use store::revoke_all;
