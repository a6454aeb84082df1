//! What the server asks of the program that computes on tables, and what that answers.
//!
//! The worker is a process of its own for each organization, in a cage, and knows neither versions nor people. It
//! inherits two connections, each HTTP/2 over a pair of sockets: by the first the server sends an [`Ask`] as the body
//! of a `POST`; by the second the worker reads the files that asks name, with `GET /<key>` and `Range`. Whoever
//! asked and reads no further ends the work.

mod ask;
mod line;
mod problem;

pub use ask::{Ask, File, Format, Names, Part, Table};
pub use line::{client, serve};
pub use problem::Problem;
