//! The host's disk. What is free of it is asked of the system, what sessions put on it of their agents; who
//! has to stop before the host's reserve is eaten is decided here, and nothing new begins below it.

mod guard;
mod reserve;
mod rule;

pub use guard::watch;
pub use reserve::{Shortage, admit, shortage};
pub use rule::{Rule, warning};
