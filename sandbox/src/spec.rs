//! What a workload's container is made of. Nothing here is a Docker option by itself: the hardening is
//! the same for all and cannot be asked away (see `body.rs`).

use crate::ImageId;
use std::{collections::HashMap, path::PathBuf};

/// Where the agent is mounted; the first process of every container.
pub const AGENT_PATH: &str = "/opt/atelier/agent";

pub(crate) const INSTALLATION: &str = "atelier.installation";
pub(crate) const WORKLOAD: &str = "atelier.workload";
pub(crate) const GENERATION: &str = "atelier.generation";
pub(crate) const KIND: &str = "atelier.kind";

/// Which start of which workload a container is; kept in its name and labels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The Atelier installation: several may share a Docker daemon.
    pub installation: String,
    pub workload: String,
    pub generation: i64,
    /// `session`, `job`, …
    pub kind: String,
}

impl Identity {
    /// The container's name. It follows from workload and generation, so a repeated create collides
    /// ([`crate::Error::Conflict`]) instead of doubling.
    pub fn container_name(&self) -> String {
        Self::name_of(&self.workload, self.generation)
    }

    /// [`Identity::container_name`] of the given start.
    pub fn name_of(workload: &str, generation: i64) -> String {
        format!("atelier-{workload}-{generation}")
    }

    pub(crate) fn labels(&self) -> HashMap<String, String> {
        HashMap::from([
            (INSTALLATION.into(), self.installation.clone()),
            (WORKLOAD.into(), self.workload.clone()),
            (GENERATION.into(), self.generation.to_string()),
            (KIND.into(), self.kind.clone()),
        ])
    }

    pub(crate) fn from_labels(labels: &HashMap<String, String>) -> Option<Self> {
        Some(Self {
            installation: labels.get(INSTALLATION)?.clone(),
            workload: labels.get(WORKLOAD)?.clone(),
            generation: labels.get(GENERATION)?.parse().ok()?,
            kind: labels.get(KIND)?.clone(),
        })
    }
}

/// What a container may use. Swap is never added to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Thousandths of a CPU.
    pub cpu_millis: u32,
    pub memory_bytes: u64,
    pub pids: u32,
    /// Size of `/dev/shm`; what is in it counts as memory.
    pub shm_bytes: u64,
    /// Size of `/tmp`; what is in it counts as memory.
    pub tmp_bytes: u64,
}

/// A named volume in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeMount {
    pub volume: String,
    /// Absolute path in the container.
    pub target: String,
    pub read_only: bool,
}

/// A workload's container. There is no environment here: variables travel in the bootstrap, where
/// `docker inspect` does not show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerSpec {
    pub identity: Identity,
    pub image: ImageId,
    pub limits: Limits,
    pub volumes: Vec<VolumeMount>,
    /// The agent's binary on the Docker host.
    pub agent: PathBuf,
    /// The workload's folder on the Docker host, with the server's socket in it.
    pub channel: PathBuf,
    /// Name of the project's network; `None` leaves only the container's own loopback.
    pub network: Option<String>,
    /// An OCI runtime known to the daemon; `None` is its default. gVisor's `runsc` reaches the server's
    /// socket only if the daemon's configuration gives it `--host-uds=open`.
    pub runtime: Option<String>,
}
