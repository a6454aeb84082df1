//! The store, as whoever uses it sees it, on a folder and on an object store.

mod backends;
mod edits;
mod model;
mod world;
