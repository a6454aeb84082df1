//! Containers, volumes, networks, images and the firewall of Atelier's workloads: the only place that
//! talks to Docker. It knows no user and no database; names and labels come from the caller.
//!
//! Every call ends within [`CALL_LIMIT`], except those that say otherwise. [`Error::Unreachable`] means
//! that Docker could not be asked: it proves nothing about any container.

mod body;
mod build;
mod containers;
mod context;
mod daemon;
mod docker;
mod error;
mod events;
mod fill;
pub mod firewall;
mod images;
mod lines;
mod logs;
mod networks;
mod platform;
mod seen;
mod spec;
mod stats;
mod timestamp;
mod volumes;

pub use build::{Build, BuildError, Place, Recipe, RecipeError, StepLimits};
pub use context::Context;
pub use daemon::Daemon;
pub use docker::{CALL_LIMIT, Docker};
pub use error::{Error, Result};
pub use events::Event;
pub use fill::{Fill, FillError};
pub use images::ImageId;
pub use logs::LogLine;
pub use networks::Pool;
pub use seen::{Seen, State};
pub use spec::{AGENT_PATH, ContainerSpec, Identity, Limits, VolumeMount};
pub use stats::Stats;
