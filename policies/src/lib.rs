//! Who may do what: the roles as readable files (`roles/*.csv`), casbin that reads them, and the table
//! of its answers that every request is decided by.
//!
//! Pure: no I/O, no rows. Who holds which role is the server's to know, per request.

mod builtin;
mod enforcer;
mod error;
mod grant;
mod policy;
mod reach;
mod role_name;
mod rule;

pub use error::PolicyError;
pub use grant::Grant;
pub use policy::{CustomRole, Holders, Policy};
pub use reach::Reach;
pub use role_name::RoleName;
