//! Data in containers: which version of which dataset a start is given, and the volumes on the Docker host that
//! hold them. A tree is copied to the host once, by a container of the platform's own, and read by all whose
//! workloads were given it.

mod choice;
mod fill;
mod given;
mod place;
mod readable;
mod ready;
mod room;
mod rows;
mod shown;
mod sweep;
#[cfg(test)]
mod tests;
mod volumes;
mod work;

pub use choice::{check, choose, recheck};
pub use place::Limits;
pub use ready::ready;
pub use rows::mounted;
pub use shown::{Shown, inside};
pub use sweep::sweep;
pub use work::{FILL, Mounts};

/// Where containers see a dataset.
fn folder(slug: &str) -> String {
    format!("/data/{slug}")
}
