//! From a [`ContainerSpec`] to what Docker is asked: the hardening, in one place.

use crate::{AGENT_PATH, ContainerSpec, VolumeMount};
use bollard::models::{
    ContainerCreateBody, HostConfig, HostConfigCgroupnsModeEnum, HostConfigLogConfig, Mount, MountType,
    MountVolumeOptions, ResourcesUlimits, RestartPolicy, RestartPolicyNameEnum,
};
use std::{collections::HashMap, path::Path};

/// User and group of every tool; volumes belong to it.
const USER: &str = "1000:1000";

/// A daemon without CAP_SYS_RESOURCE can start nothing above its own limit, which may be as low as 20,000.
const OPEN_FILES: i64 = 16_384;

pub(crate) fn create_body(spec: &ContainerSpec) -> ContainerCreateBody {
    ContainerCreateBody {
        image: Some(spec.image.0.clone()),
        labels: Some(spec.identity.labels()),
        user: Some(USER.into()),
        entrypoint: Some(vec![AGENT_PATH.into()]),
        // An empty command keeps the image's from becoming the agent's arguments.
        cmd: Some(Vec::new()),
        working_dir: Some("/".into()),
        // The bootstrap goes through standard input once, and its end is seen by the agent.
        open_stdin: Some(true),
        stdin_once: Some(true),
        tty: Some(false),
        host_config: Some(host_config(spec)),
        ..Default::default()
    }
}

fn host_config(spec: &ContainerSpec) -> HostConfig {
    let limits = spec.limits;
    let memory = bytes(limits.memory_bytes);
    HostConfig {
        nano_cpus: Some(i64::from(limits.cpu_millis) * 1_000_000),
        memory: Some(memory),
        memory_swap: Some(memory),
        pids_limit: Some(limits.pids.into()),
        shm_size: Some(bytes(limits.shm_bytes)),
        tmpfs: Some(HashMap::from([
            ("/tmp".into(), format!("rw,exec,nosuid,nodev,mode=1777,size={}", limits.tmp_bytes)),
            ("/run".into(), "rw,noexec,nosuid,nodev,mode=755,uid=1000,gid=1000,size=16m".into()),
        ])),
        mounts: Some(mounts(spec)),
        network_mode: Some(spec.network.clone().unwrap_or_else(|| "none".into())),
        runtime: spec.runtime.clone(),
        // Workloads die before the server and dockerd when the host itself runs out of memory.
        oom_score_adj: Some(500),
        ..hardened()
    }
}

/// What holds for every container that Atelier starts, its own one-shot ones included.
pub(crate) fn hardened() -> HostConfig {
    HostConfig {
        readonly_rootfs: Some(true),
        cap_drop: Some(vec!["ALL".into()]),
        // Docker's default seccomp profile applies because none is named here.
        security_opt: Some(vec!["no-new-privileges:true".into()]),
        ipc_mode: Some("private".into()),
        cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
        privileged: Some(false),
        publish_all_ports: Some(false),
        // A restart behind the ledger's back would be a run that nobody is billed for.
        restart_policy: Some(RestartPolicy {
            name: Some(RestartPolicyNameEnum::NO),
            maximum_retry_count: None,
        }),
        // The agent is the first process and reaps.
        init: Some(false),
        ulimits: Some(vec![ulimit("nofile", OPEN_FILES), ulimit("core", 0)]),
        log_config: Some(HostConfigLogConfig {
            typ: Some("json-file".into()),
            config: Some(HashMap::from([("max-size".into(), "10m".into()), ("max-file".into(), "2".into())])),
        }),
        ..Default::default()
    }
}

fn mounts(spec: &ContainerSpec) -> Vec<Mount> {
    let mut mounts = vec![bind(&spec.agent, AGENT_PATH, true), bind(&spec.channel, "/run/atelier", true)];
    mounts.extend(spec.volumes.iter().map(volume));
    mounts
}

pub(crate) fn bind(source: &Path, target: &str, read_only: bool) -> Mount {
    Mount {
        typ: Some(MountType::BIND),
        source: Some(source.to_string_lossy().into_owned()),
        target: Some(target.into()),
        read_only: Some(read_only),
        ..Default::default()
    }
}

pub(crate) fn volume(mount: &VolumeMount) -> Mount {
    Mount {
        typ: Some(MountType::VOLUME),
        source: Some(mount.volume.clone()),
        target: Some(mount.target.clone()),
        read_only: Some(mount.read_only),
        volume_options: Some(MountVolumeOptions {
            // Else Docker fills an empty volume with what the image has there, as the image's owner.
            no_copy: Some(true),
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn ulimit(name: &str, value: i64) -> ResourcesUlimits {
    ResourcesUlimits { name: Some(name.into()), soft: Some(value), hard: Some(value) }
}

/// Docker counts in signed numbers; beyond them there is no memory to give.
fn bytes(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
