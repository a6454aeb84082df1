//! Grants on single objects: who may do something to one of them alone, beside what roles say.
//!
//! Any object takes them whose guard says so (`Resource::takes_grants`) and whose routes offer this list; so do parts
//! of something that the guard lets in to as a whole, such as single files. They reach the object and nothing around it.

mod store;

pub(crate) use store::{On, describe, describe_all, forget, remove, repeat, replace};
