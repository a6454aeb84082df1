//! How bytes are cut into chunks and what a chunk is called. Pure: the same code runs in the server, the agent,
//! the command line and the browser, so that all of them find the same chunks in the same file.

mod content;
mod cutter;
mod id;

pub use content::ContentName;
pub use cutter::{AVERAGE_BYTES, Cutter, MAX_BYTES, MIN_BYTES};
pub use id::{ChunkId, ParseIdError};
