//! T3: what a real session's container is allowed, as Docker and the kernel tell it.

use anyhow::Context;
use atelier_tests::studio::{MIB, Studio, container};
use atelier_tests::{Database, docker};
use bollard::models::{ContainerInspectResponse, HostConfig, RestartPolicyNameEnum};

#[tokio::test]
async fn t03_a_sessions_container_is_caged() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let session = studio.running().await;
    let seen = docker::inspect(&studio.docker, &container(&session)).await?;
    is_hardened(seen.host_config.as_ref().context("no host configuration")?);
    mounts_are_few(&seen);
    holds_no_secret(&seen, &studio)?;

    // Inside, as the kernel has it.
    let pid = seen.state.and_then(|state| state.pid).context("no process")?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
        line.map(|value| value.split_whitespace().next().unwrap_or_default()).unwrap_or_default()
    };
    for capabilities in ["CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"] {
        assert_eq!(u64::from_str_radix(field(capabilities), 16)?, 0, "{capabilities}");
    }
    assert_eq!((field("Seccomp"), field("NoNewPrivs"), field("Uid")), ("2", "1", "1000"));
    Ok(())
}

fn is_hardened(host: &HostConfig) {
    assert_eq!(host.readonly_rootfs, Some(true));
    assert_eq!(host.privileged, Some(false));
    assert_eq!(host.cap_drop.as_deref().unwrap_or_default(), ["ALL"]);
    assert_eq!(host.cap_add.as_deref().unwrap_or_default(), [""; 0]);
    let options = host.security_opt.as_deref().unwrap_or_default();
    assert!(options.iter().any(|option| option.starts_with("no-new-privileges")), "{options:?}");
    assert!(!options.iter().any(|option| option.contains("unconfined")), "{options:?}");
    assert_eq!((host.memory, host.memory_swap), (Some(96 * MIB), Some(96 * MIB)));
    assert_eq!(host.nano_cpus, Some(500_000_000));
    assert!(host.pids_limit.is_some_and(|limit| (1..=10_000).contains(&limit)), "{:?}", host.pids_limit);
    let restart = host.restart_policy.as_ref().and_then(|policy| policy.name);
    assert!(matches!(restart, None | Some(RestartPolicyNameEnum::NO | RestartPolicyNameEnum::EMPTY)));
    for namespace in [&host.pid_mode, &host.uts_mode, &host.userns_mode, &host.network_mode] {
        assert_ne!(namespace.as_deref(), Some("host"));
    }
    assert!(host.devices.as_ref().is_none_or(Vec::is_empty), "{:?}", host.devices);
    assert!(host.port_bindings.as_ref().is_none_or(|ports| ports.is_empty()), "{:?}", host.port_bindings);
    assert_eq!(host.publish_all_ports, Some(false));
}

fn mounts_are_few(seen: &ContainerInspectResponse) {
    let mut mounts: Vec<(String, bool)> = seen
        .mounts
        .iter()
        .flatten()
        .map(|mount| (mount.destination.clone().unwrap_or_default(), mount.rw.unwrap_or_default()))
        .collect();
    mounts.sort();
    let expected = [
        ("/home/atelier", true),
        ("/opt/atelier/agent", false),
        ("/results", true),
        ("/run/atelier", false),
        ("/work", true),
    ];
    assert_eq!(mounts, expected.map(|(path, writable)| (path.to_owned(), writable)));
    let sources: Vec<_> = seen.mounts.iter().flatten().filter_map(|mount| mount.source.clone()).collect();
    assert!(!sources.iter().any(|source| source.contains("docker.sock")), "{sources:?}");
}

/// The socket is the identity: nothing in the container's description opens anything.
fn holds_no_secret(seen: &ContainerInspectResponse, studio: &Studio) -> anyhow::Result<()> {
    let described = serde_json::to_string(seen)?;
    let cookie = studio.owner.client.cookie().unwrap_or_default();
    let token = cookie.split('=').nth(1).unwrap_or_default();
    assert!(!token.is_empty() && !described.contains(token), "the owner's token");
    let environment = seen.config.as_ref().and_then(|config| config.env.clone()).unwrap_or_default();
    for variable in environment {
        let name = variable.split('=').next().unwrap_or_default().to_uppercase();
        for word in ["TOKEN", "SECRET", "PASSWORD", "KEY", "COOKIE"] {
            assert!(!name.contains(word), "{variable}");
        }
    }
    Ok(())
}
