//! Looking at every byte: what is damaged, and an index made anew from packs alone.

mod pack;
mod rebuild;
mod verify;

pub use rebuild::Rebuilt;
pub(crate) use rebuild::write as write_segment;
pub use verify::{Broken, Damage, Verified};
