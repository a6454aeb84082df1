//! The daemon itself: what it is, what it can hold, since when it runs.

use crate::{Docker, Error, Result, docker::ask, timestamp::millis};
use bollard::query_parameters::InspectNetworkOptions;

/// A Docker daemon and its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Daemon {
    /// The same for as long as its data folder lives.
    pub id: String,
    /// Host name.
    pub name: String,
    pub version: String,
    pub cpus: u32,
    pub memory_bytes: u64,
    /// Its data folder on its host.
    pub root: String,
    pub storage_driver: String,
    pub cgroup_version: String,
    pub cgroup_driver: String,
    pub security_options: Vec<String>,
    /// Whether containers' memory can be limited.
    pub memory_limit: bool,
    /// Whether containers' time on processors can be limited.
    pub cpu_limit: bool,
    /// Whether containers' processes can be limited.
    pub pids_limit: bool,
    /// OCI runtimes it knows, such as `runc` and `runsc`, sorted.
    pub runtimes: Vec<String>,
    /// When dockerd started, milliseconds since the epoch. `None` if it runs without its default
    /// network. With live-restore it stays the same over a restart under running containers.
    pub started_at_ms: Option<i64>,
}

impl Docker {
    pub async fn daemon(&self) -> Result<Daemon> {
        let info = ask(self.api().await?.info()).await?;
        let mut runtimes: Vec<_> = info.runtimes.unwrap_or_default().into_keys().collect();
        runtimes.sort();
        Ok(Daemon {
            id: info.id.unwrap_or_default(),
            name: info.name.unwrap_or_default(),
            version: info.server_version.unwrap_or_default(),
            cpus: info.ncpu.and_then(|n| u32::try_from(n).ok()).unwrap_or_default(),
            memory_bytes: info.mem_total.and_then(|n| u64::try_from(n).ok()).unwrap_or_default(),
            root: info.docker_root_dir.unwrap_or_default(),
            storage_driver: info.driver.unwrap_or_default(),
            cgroup_version: info.cgroup_version.map(|version| version.to_string()).unwrap_or_default(),
            cgroup_driver: info.cgroup_driver.map(|driver| driver.to_string()).unwrap_or_default(),
            security_options: info.security_options.unwrap_or_default(),
            memory_limit: info.memory_limit.unwrap_or_default(),
            cpu_limit: info.cpu_cfs_quota.unwrap_or_default(),
            pids_limit: info.pids_limit.unwrap_or_default(),
            runtimes,
            started_at_ms: self.started_at_ms().await?,
        })
    }

    /// Whether it answers at all.
    pub async fn ping(&self) -> Result<()> {
        ask(self.api().await?.ping()).await.map(drop)
    }

    /// dockerd tells no start time, but makes its default network anew at each start.
    async fn started_at_ms(&self) -> Result<Option<i64>> {
        match ask(self.api().await?.inspect_network("bridge", None::<InspectNetworkOptions>)).await {
            Ok(network) => Ok(network.created.as_deref().and_then(millis)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
