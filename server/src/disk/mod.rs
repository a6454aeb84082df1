//! The host's disk. What is free of it is asked of the system; what sessions put on it their
//! agents say at once, and a look from outside now and then; who
//! has to stop before the host's reserve is eaten is decided here, and nothing new begins below it.

mod guard;
mod outside;
mod reserve;
mod rule;

pub use guard::watch;
pub use outside::Outside;
pub use reserve::{Shortage, admit, lacks, shortage};
pub use rule::{Rule, warning};
