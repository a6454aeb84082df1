//! The firewall between workloads and what is around them: the host, private networks, the metadata
//! service. Setting it again changes nothing, so it can be repeated whenever Docker was restarted.

use crate::{Docker, Error, Result, body::bind, platform::Task};
use ipnet::Ipv4Net;
use std::{fmt, net::Ipv4Addr, path::Path, process::Output, str::FromStr};
use tokio::process::Command;

/// Run by the host's shell; it finds the name servers itself, so that names resolve.
const SCRIPT: &str = include_str!("firewall.sh");
/// The script's exit code where Docker's rules are not.
const NOT_HERE: i32 = 3;
/// Where the platform container sees the host's files.
const HOST_ROOT: &str = "/host";

/// A private address that workloads may reach all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    net: Ipv4Net,
    /// `None`: every port.
    port: Option<u16>,
}

impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (net, port) = match text.split_once(':') {
            Some((net, port)) => (net, port.parse().map(Some)),
            None => (text, Ok(None)),
        };
        let net = net.parse().or_else(|_| net.parse::<Ipv4Addr>().map(Ipv4Net::from));
        match (net, port) {
            (Ok(net), Ok(port)) => Ok(Self { net, port }),
            _ => Err(format!("{text:?} is no IPv4 address or range with or without :port")),
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.net),
            None => write!(f, "{}", self.net),
        }
    }
}

impl Docker {
    /// Sets the rules on the Docker host: in this process if it is root there, else in a platform
    /// container with NET_ADMIN on the host's network. An error says why neither was possible; workloads
    /// then must not be started. Takes at most a minute.
    pub async fn set_firewall(&self, installation: &str, agent: &Path, allowed: &[Allowed]) -> Result<()> {
        if self.is_local()
            && rustix::process::geteuid().is_root()
            && let Some(outcome) = set_here(allowed).await
        {
            return outcome;
        }
        let shell = ["chroot", HOST_ROOT, "/bin/sh", "-c", SCRIPT, "firewall"];
        let allowed = allowed.iter().map(ToString::to_string);
        self.run(Task {
            installation,
            agent,
            arguments: shell.into_iter().map(str::to_owned).chain(allowed).collect(),
            capabilities: &["NET_ADMIN", "NET_RAW", "SYS_CHROOT"],
            mounts: vec![bind(Path::new("/"), HOST_ROOT, false)],
            network: "host",
            stdin: &[],
        })
        .await
        .map(|_| ())
        .map_err(|error| match error {
            Error::Refused(cause) => Error::Refused(format!("the firewall could not be set: {cause}")),
            other => other,
        })
    }
}

/// `None` if Docker's rules are not in this network namespace.
async fn set_here(allowed: &[Allowed]) -> Option<Result<()>> {
    let arguments = allowed.iter().map(ToString::to_string);
    let script = Command::new("/bin/sh").args(["-c", SCRIPT, "firewall"]).args(arguments).output();
    match script.await {
        Ok(Output { status, .. }) if status.success() => Some(Ok(())),
        Ok(Output { status, .. }) if status.code() == Some(NOT_HERE) => None,
        Ok(Output { status, stderr, .. }) => Some(Err(Error::Refused(format!(
            "the firewall could not be set: {status}: {}",
            String::from_utf8_lossy(&stderr).trim()
        )))),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Allowed;

    #[test]
    fn an_allowed_address_is_read_and_written() {
        for (text, canonical) in [
            ("10.1.2.3", "10.1.2.3/32"),
            ("10.1.2.0/24", "10.1.2.0/24"),
            ("10.1.2.3:5432", "10.1.2.3/32:5432"),
        ] {
            assert_eq!(text.parse::<Allowed>().map(|allowed| allowed.to_string()), Ok(canonical.into()));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "db.example.com", "10.1.2.3:", "10.1.2.3:70000", "::1", "10.1.2.3; reboot"] {
            assert!(text.parse::<Allowed>().is_err(), "{text}");
        }
    }
}
