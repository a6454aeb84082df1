//! What projects store: how much, how much they may, and what it costs by the day.
//!
//! A row tells what the versions of a project need in its store: what was measured last, and what versions that were
//! made since have added. Whoever makes a version adds to it in the same transaction, which is where the quota
//! holds; a task measures what has changed. Before the figure changes, the days that are over are billed by it.

mod bill;
mod clock;
mod cost;
mod days;
mod keepers;
mod measure;
mod price;
mod quota;
mod report;
mod routes;
#[cfg(test)]
mod tests;
mod usage;

pub use bill::bill_regularly;
pub use days::{Day, Days, load as days};
pub use keepers::{Keeper, keepers};
pub use measure::measure_regularly;
pub use quota::{Room, room};
pub use routes::routes;
pub use usage::{add, changed};
