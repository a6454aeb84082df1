//! What a session's own host serves: the session's tool, for the browser that its owner opened it in.
//!
//! The host is another site than the application's, and every session's is another origin: code in a
//! notebook reaches neither the application nor another session with the person's cookies. None of the
//! application's routes exist here, and nothing here exists there.
//!
//! - [`routes`]: the application gives out a code that works once;
//! - `enter`: the code becomes a cookie of this host;
//! - `admission`: each request, and every two seconds each open connection, is asked for its right;
//! - `origin`: pages of other origins may link here and no more;
//! - `forward`, `upgrade`: bytes to the tool and back through the workload's [`crate::channel`].

mod admission;
mod client;
mod cookie;
mod download;
mod enter;
mod forward;
mod frames;
mod headers;
mod host;
mod interaction;
mod notice;
mod open;
mod origin;
mod place;
mod port;
mod serve;
mod store;
mod upgrade;
mod upload;

#[cfg(test)]
mod tests;

pub use host::session_of;
pub use open::routes;
pub use port::{for_one, only_for_one_organization};
pub use serve::{SessionHosts, dispatch};
