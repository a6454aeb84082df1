//! The meter: who used what for how long, and what it cost.
//!
//! A container is billed in segments, each at one rate. A segment's row is committed before its container
//! is created and never changed; a heartbeat tells every few seconds what is certain; one row closes it.
//! Segments carry the names and the price of their time, so a bill outlives everything that it speaks of.

mod clock;
pub mod ledger;
mod meter;
mod month;
mod routes;
mod rows;
mod spend;
#[cfg(test)]
mod tests;

pub use clock::Moment;
pub use month::{Period, days_at as month_days};
pub use routes::routes;
pub use rows::costs;
pub use spend::{per_project_this_month, spent_this_month};
