//! What a project keeps under a name with every version of it: datasets and models. Each of them is a [`Noun`];
//! all that they do alike is here. What is the same for everything that has versions is in `data`.

mod all;
mod describe;
mod files;
mod inputs;
mod labels;
mod noun;
mod removal;
mod routes;
mod row;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod uploads;
mod versions;

pub use all::{all, is_one};
pub use describe::{version, versions};
pub use noun::{Artifact, Noun};
pub use removal::sweep_regularly;
pub use routes::routes;
pub use row::{Lent, Row};
pub use store::writable;
pub use table::Columns;
pub(crate) use table::columns;
