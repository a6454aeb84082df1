//! What happens, told to the pages that are open.

mod elsewhere;
mod hub;
mod shown;
mod stream;

pub use hub::{Change, Hub};
pub use stream::routes;
