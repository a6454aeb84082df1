//! Names and ports: where the server listens, and whether browsers find it.

use super::finding::Finding;
use super::reach;
use crate::config::Config;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use tokio::net::lookup_host;

pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![port(config).await];
    findings.push(public_name(config).await);
    findings.push(session_names(config).await);
    findings
}

async fn port(config: &Config) -> Finding {
    let (check, listen) = ("listen", config.listen.as_str());
    let Ok(address) = listen.parse::<SocketAddr>() else {
        let mend = "write it as 127.0.0.1:8080";
        return Finding::bad(check, format!("{listen} is no address with a port"), mend);
    };
    match TcpListener::bind(address) {
        Ok(_) => Finding::good(check, format!("{listen} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse && is_served(config) => {
            Finding::good(check, format!("{listen} is served by the server that runs on this data folder"))
        }
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let mend =
                format!("ss -ltnp 'sport = :{}'; then end that program, or change listen", address.port());
            Finding::bad(check, format!("{listen} is taken by another program"), mend)
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let mend = "AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit, or a port above 1023";
            Finding::bad(check, format!("this user may not listen on {listen}"), mend)
        }
        Err(error) => {
            let mend = "ip address; then the setting listen";
            Finding::bad(check, format!("cannot listen on {listen}: {error}"), mend)
        }
    }
}

/// A running server holds the data folder's lock.
fn is_served(config: &Config) -> bool {
    let lock = File::open(config.data_dir.join("lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}

async fn public_name(config: &Config) -> Finding {
    let (check, host) = ("public_name", config.public_host());
    if is_localhost(host) {
        return Finding::good(check, format!("{host} is this machine, for browsers on it"));
    }
    let Some(address) = resolve(host, config).await else {
        let mend = format!("add an A or AAAA record for {host}");
        return Finding::bad(check, format!("{host} does not resolve"), mend);
    };
    if !is_served(config) {
        return Finding::good(check, format!("{host} is {}; the server does not run", address.ip()));
    }
    let reached = match config.public_url.starts_with("http://") {
        true => reach::answers(address, host).await,
        false => reach::connects(address).await,
    };
    if reached {
        return Finding::good(check, format!("{} is reached", config.public_url));
    }
    let mend = "open the port in the firewall, or point the proxy at the setting listen";
    Finding::bad(check, format!("nothing answers at {} ({address})", config.public_url), mend)
}

/// Each session has a name of its own below the domain.
async fn session_names(config: &Config) -> Finding {
    let (check, domain) = ("session_domain", config.session_domain.as_str());
    if is_localhost(domain) {
        if is_localhost(config.public_host()) {
            return Finding::good(check, format!("*.{domain} is this machine, for browsers on it"));
        }
        let mend = "a wildcard DNS record, and the setting session_domain";
        return Finding::bad(check, format!("browsers elsewhere do not find *.{domain}"), mend);
    }
    let any = format!("{}.{domain}", crate::db::new_id());
    match (resolve(&any, config).await, resolve(config.public_host(), config).await) {
        (None, _) => {
            let mend = format!("add a wildcard record: *.{domain}");
            Finding::bad(check, format!("*.{domain} does not resolve"), mend)
        }
        (Some(session), Some(public)) if session != public => Finding::warning(
            check,
            format!("*.{domain} is {}, but {} is {}", session.ip(), config.public_host(), public.ip()),
            "let both names lead to this server",
        ),
        (Some(session), _) => Finding::good(check, format!("*.{domain} is {}", session.ip())),
    }
}

fn is_localhost(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

async fn resolve(host: &str, config: &Config) -> Option<SocketAddr> {
    let standard = if config.public_url.starts_with("https://") { 443 } else { 80 };
    let port = config.public_url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or(standard);
    lookup_host((host, port)).await.ok()?.next()
}
