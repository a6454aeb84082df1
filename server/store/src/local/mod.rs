//! A folder of this machine as a version. Links are never followed, whoever swaps them meanwhile; files that look
//! as they did last time are not read again.

mod commit;
mod news;
mod read;
mod seen;
mod walk;

pub use commit::Imported;
