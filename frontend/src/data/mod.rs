//! What the page holds of the server's: fetched values and requests under way.

mod address;
mod fetched;
mod listed;
mod sending;
mod typed;

pub(crate) use address::in_address;
pub(crate) use fetched::{Fetched, State};
pub(crate) use listed::Listed;
pub(crate) use sending::Sending;
pub(crate) use typed::Typed;
