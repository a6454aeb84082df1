//! What the pages of all that has versions share.

mod changes;
mod compare;
mod made_of;
mod sign;
mod trash;
mod way;

pub(crate) use compare::{Above, Compare, Two};
pub(crate) use made_of::made_of;
pub(crate) use sign::Sign;
pub(crate) use trash::Trash;
pub(crate) use way::way;
