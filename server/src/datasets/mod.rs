//! Datasets: data of a project under a name, every version of it kept. What is the same for everything that has
//! versions is in `data`.

mod describe;
mod files;
mod labels;
mod removal;
mod resource;
mod routes;
mod shares;
mod sharing;
mod store;
#[cfg(test)]
mod tests;
mod uploads;
mod versions;

pub use removal::sweep_regularly;
pub use resource::Dataset;
pub use routes::routes;
pub use sharing::borrowers;
pub use store::writable;
