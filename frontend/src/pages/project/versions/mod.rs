//! What the pages of all that has versions share.

mod changes;
mod compare;
mod sign;
mod way;

pub(crate) use compare::{Above, Compare, Two};
pub(crate) use sign::Sign;
pub(crate) use way::way;
