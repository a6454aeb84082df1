//! Sessions: a tool in a container, for one person in one project.

mod admit;
mod idle;
mod idle_watch;
mod lists;
mod options;
mod resource;
mod routes;
mod save;
pub mod store;

pub use idle_watch::watch as watch_idle;
pub use resource::Session;
pub use routes::routes;
