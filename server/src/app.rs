//! What every handler can reach.

use crate::access::Policies;
use crate::access::live::Live;
use crate::accounts::last_seen::LastSeen;
use crate::accounts::password::Passwords;
use crate::accounts::tries::Tries;
use crate::channel::Channels;
use crate::config::Config;
use crate::db::Db;
use crate::disk;
use crate::environments::Environments;
use crate::events::Hub;
use crate::http::viewer::Viewer;
use crate::metrics::Metrics;
use crate::mounts::Mounts;
use crate::objects::Objects;
use crate::tables::Tables;
use crate::tiers::host::Host;
use crate::uploads::Uploads;
use crate::workloads::Workloads;
use atelier_sandbox::Docker;

/// The server's state. Cheap to clone through `web::Data`.
pub struct App {
    pub config: Config,
    pub db: Db,
    pub policies: Policies,
    pub events: Hub,
    pub live: Live,
    pub last_seen: LastSeen,
    /// To the agents in the workloads' containers.
    pub channels: Channels,
    pub docker: Docker,
    pub host: Host,
    /// What sessions' folders hold, looked at from outside.
    pub disk_seen: disk::Outside,
    pub environments: Environments,
    pub workloads: Workloads,
    pub metrics: Metrics,
    /// Data that is being copied to the host.
    pub mounts: Mounts,
    /// Files of versions.
    pub objects: Objects,
    pub passwords: Passwords,
    /// What is asked of tables.
    pub tables: Tables,
    pub tries: Tries,
    pub uploads: Uploads,
    /// The frame for what people have written.
    pub viewer: Viewer,
}
