//! The container that a step of a build runs in: a session's cage, but for root with what package managers
//! need, and a file system that can be written, since that is what a build is for.

use crate::{Identity, ImageId, body::hardened};
use bollard::models::{ContainerCreateBody, HostConfig, HostConfigLogConfig};
use std::time::Duration;

/// Found by leaving each out: apt and dpkg end without any of them. They are of use on the step's own files
/// and processes only; nothing here reaches the kernel, devices or the network.
const CAPABILITIES: [&str; 6] = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID"];

/// What each step of a build may use. Swap is never added to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepLimits {
    /// Thousandths of a CPU.
    pub cpu_millis: u32,
    pub memory_bytes: u64,
    pub pids: u32,
    /// What it may add to the image; looked at every two seconds.
    pub disk_bytes: u64,
    pub duration: Duration,
}

/// One step's container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StepSpec<'a> {
    pub(super) identity: &'a Identity,
    pub(super) image: &'a ImageId,
    pub(super) limits: StepLimits,
    /// Name of the network of builds; `None` leaves only the container's own loopback.
    pub(super) network: Option<&'a str>,
    pub(super) user: &'a str,
    pub(super) folder: &'a str,
    pub(super) variables: Vec<String>,
    pub(super) argv: &'a [String],
}

pub(super) fn create_body(spec: &StepSpec<'_>) -> ContainerCreateBody {
    ContainerCreateBody {
        image: Some(spec.image.0.clone()),
        labels: Some(spec.identity.labels()),
        user: Some(spec.user.into()),
        working_dir: Some(spec.folder.into()),
        env: Some(spec.variables.clone()),
        // Without an entrypoint, whatever the image says.
        entrypoint: Some(vec![String::new()]),
        cmd: Some(spec.argv.to_vec()),
        tty: Some(false),
        host_config: Some(host_config(spec)),
        ..Default::default()
    }
}

fn host_config(spec: &StepSpec<'_>) -> HostConfig {
    let limits = spec.limits;
    let memory = i64::try_from(limits.memory_bytes).unwrap_or(i64::MAX);
    HostConfig {
        readonly_rootfs: Some(false),
        cap_add: Some(CAPABILITIES.map(str::to_owned).to_vec()),
        nano_cpus: Some(i64::from(limits.cpu_millis) * 1_000_000),
        memory: Some(memory),
        memory_swap: Some(memory),
        pids_limit: Some(limits.pids.into()),
        network_mode: Some(spec.network.unwrap_or("none").into()),
        // A build dies before sessions do when the host itself runs out of memory.
        oom_score_adj: Some(700),
        // The log is read as it comes and kept by who asked for the build.
        log_config: Some(HostConfigLogConfig { typ: Some("none".into()), config: None }),
        ..hardened()
    }
}
