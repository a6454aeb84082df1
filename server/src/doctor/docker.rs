//! Docker: there, new enough, set up so that containers are closed.

use super::finding::Finding;
use super::host::room;
use super::images;
use crate::config::Config;
use atelier_sandbox::{Daemon, Docker};
use std::path::Path;
use std::process::Command;

/// Older ones lack calls that the server makes.
const OLDEST: (u32, u32) = (20, 10);

pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    let docker = match Docker::connect(config.docker.as_deref().unwrap_or_default()) {
        Ok(docker) => docker,
        Err(error) => return vec![Finding::bad("docker", error.to_string(), "change the setting docker")],
    };
    let daemon = match docker.daemon().await {
        Ok(daemon) => daemon,
        Err(error) => {
            let detail = format!("Docker does not answer: {error}. Sessions cannot start");
            let mend = "systemctl start docker; the server's user must be in the group docker";
            return vec![Finding::bad("docker", detail, mend)];
        }
    };
    let mut findings = vec![version(&daemon), storage(&daemon), seccomp(&daemon), cgroup(&daemon)];
    findings.push(pool(config));
    findings.push(firewall());
    if Path::new(&daemon.root).exists() {
        findings.push(room("docker_disk", "Docker's disk", Path::new(&daemon.root)));
    }
    findings.extend(images::examine(config, &docker).await);
    findings
}

fn version(daemon: &Daemon) -> Finding {
    let mut numbers = daemon.version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    let version = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    let detail = format!("Docker {} answers", daemon.version);
    if version < OLDEST {
        let mend = "apt install docker.io, or Docker's own packages";
        return Finding::bad("docker", format!("{detail}, but it must be 20.10 or newer"), mend);
    }
    Finding::good("docker", detail)
}

fn storage(daemon: &Daemon) -> Finding {
    let detail = format!("storage driver {}", daemon.storage_driver);
    match daemon.storage_driver.as_str() {
        "vfs" => Finding::warning(
            "storage",
            format!("{detail}: each container is a full copy of its image"),
            "\"storage-driver\": \"overlay2\" in /etc/docker/daemon.json, on ext4 or xfs",
        ),
        _ => Finding::good("storage", detail),
    }
}

fn seccomp(daemon: &Daemon) -> Finding {
    if daemon.security_options.iter().any(|option| option.contains("name=seccomp")) {
        return Finding::good("seccomp", "containers are kept from dangerous system calls");
    }
    let mend = "a kernel with CONFIG_SECCOMP, and no --seccomp-profile=unconfined for dockerd";
    Finding::bad("seccomp", "Docker does not filter the system calls of containers", mend)
}

fn cgroup(daemon: &Daemon) -> Finding {
    let detail = format!("cgroup v{}, by {}", daemon.cgroup_version, daemon.cgroup_driver);
    if daemon.memory_limit && daemon.pids_limit && daemon.cpu_limit {
        return Finding::good("cgroup", format!("{detail}; memory, processors and processes can be limited"));
    }
    let mend = "cgroup_enable=memory swapaccount=1 on the kernel's command line, then a restart";
    Finding::bad("cgroup", format!("{detail}: containers cannot be limited"), mend)
}

/// Sessions' networks must not be where something else is.
fn pool(config: &Config) -> Finding {
    let (check, pool) = ("network_pool", &config.network_pool);
    let Ok(range) = pool.parse::<ipnet::Ipv4Net>() else {
        return Finding::bad(check, format!("{pool} is no range"), "write it as 10.213.0.0/16");
    };
    let routes = std::fs::read_to_string("/proc/net/route").unwrap_or_default();
    match routes
        .lines()
        .skip(1)
        .filter_map(route)
        .find(|(_, net)| net.prefix_len() > 0 && overlap(&range, net))
    {
        Some((device, net)) => Finding::bad(
            check,
            format!("{pool} overlaps {net}, which this machine reaches by {device}"),
            "set network_pool to a private range that is not used here",
        ),
        None => Finding::good(check, format!("{pool} is not used otherwise")),
    }
}

fn overlap(a: &ipnet::Ipv4Net, b: &ipnet::Ipv4Net) -> bool {
    a.contains(&b.network()) || b.contains(&a.network())
}

/// How the devices of Docker's networks begin; those of projects are `atl`.
const BRIDGES: [&str; 3] = ["br-", "docker", "atl"];

/// Device and range of a line of `/proc/net/route`, unless the device is a bridge of Docker.
fn route(line: &str) -> Option<(String, ipnet::Ipv4Net)> {
    let mut fields = line.split_whitespace();
    let device = fields.next()?.to_owned();
    let address = |hex: &str| Some(std::net::Ipv4Addr::from(u32::from_str_radix(hex, 16).ok()?.swap_bytes()));
    let destination = address(fields.next()?)?;
    let mask = address(fields.nth(5)?)?;
    let net = ipnet::Ipv4Net::with_netmask(destination, mask).ok()?;
    let docker = BRIDGES.iter().any(|name| device.starts_with(name));
    (!docker).then_some((device, net))
}

/// Without it sessions have no network.
fn firewall() -> Finding {
    if !rustix::process::geteuid().is_root() {
        let detail = "it is set by a platform container with NET_ADMIN, since the server is not root";
        return Finding::good("firewall", detail);
    }
    let rules = Command::new("iptables").args(["-w", "5", "-n", "-L", "DOCKER-USER"]).output();
    match rules {
        Ok(output) if output.status.success() => {
            Finding::good("firewall", "the host can be closed to containers")
        }
        Ok(_) => {
            let detail =
                "Docker's rules are not in this network: a platform container with NET_ADMIN sets them";
            Finding::good("firewall", detail)
        }
        Err(_) => {
            let detail = "iptables is missing: the host cannot be closed to containers from here";
            Finding::warning("firewall", detail, "apt install iptables")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_that_overlaps_is_seen() {
        let line = "eth0\t0000D50A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0";
        let (device, net) = route(line).unwrap();
        assert_eq!((device.as_str(), net.to_string().as_str()), ("eth0", "10.213.0.0/16"));
        assert!(overlap(&net, &"10.213.7.0/24".parse().unwrap()));
        assert!(!overlap(&net, &"10.214.0.0/16".parse().unwrap()));
        assert_eq!(route(&line.replace("eth0", "br-1234")), None);
        assert_eq!(route(&line.replace("eth0", "atl1234")), None);
    }
}
