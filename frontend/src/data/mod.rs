//! What the page holds of the server's: fetched values and requests under way.

mod fetched;
mod listed;
mod sending;

pub(crate) use fetched::{Fetched, State};
pub(crate) use listed::Listed;
pub(crate) use sending::Sending;
