//! Everything that runs in a container: what should run, what does, and the steps from one to the other.

mod rows;

pub use rows::{SESSION, WorkloadRow};
