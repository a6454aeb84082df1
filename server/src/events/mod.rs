//! What happens, told to the pages that are open.

mod hub;

pub use hub::{Change, Hub};
