//! Stores on their way to another place: whole packs, read from one backend and put into another. Packs tell all
//! that the index tells of them, so nothing else is carried.

mod check;
mod export;
mod import;

pub use export::Export;
pub use import::{Import, StoreImport};
