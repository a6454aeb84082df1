//! Sessions: a tool in a container, for one person in one project.

mod resource;

pub use resource::Session;
