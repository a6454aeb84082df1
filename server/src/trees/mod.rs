//! What every project has one of, with every version kept: its files, its results. Each of them is a [`Tree`]; all
//! that they do alike is here. What is the same for everything that has versions is in `data`.

mod contents;
mod history;
mod removal;
mod store;
#[cfg(test)]
mod tests;
mod tree;
mod uploads;
mod versions;

pub use removal::sweep_regularly;
pub use store::writable;
pub use tree::{ProjectTree, Tree};

use crate::access::Routes;

pub fn routes<T: Tree>(routes: &mut Routes) {
    versions::routes::<T>(routes);
    contents::routes::<T>(routes);
    history::routes::<T>(routes);
    uploads::routes::<T>(routes);
}
