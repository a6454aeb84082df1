//! Settings that work and are not safe.

use super::Config;
use std::net::{IpAddr, SocketAddr};

impl Config {
    /// What an administrator should change, in sentences that name the setting.
    pub fn concerns(&self) -> Vec<String> {
        let mut concerns = Vec::new();
        let loopback = |ip: IpAddr| ip.to_canonical().is_loopback();
        let open = self.listen.parse().is_ok_and(|address: SocketAddr| !loopback(address.ip()));
        let anybody: [IpAddr; 2] = [[192, 0, 2, 1].into(), [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into()];
        if self.trusted_proxies.iter().any(|network| anybody.iter().any(|ip| network.contains(*ip))) {
            concerns.push(
                "Setting trusted_proxies holds addresses of strangers: whoever reaches the server from there \
                 may say that he or she is somebody else. Name the proxies alone."
                    .to_owned(),
            );
        }
        if !self.is_secure() && open {
            concerns.push(
                "Browsers reach the server without TLS (setting public_url): passwords and cookies can be \
                 read on the way. Set tls_certificate and tls_key, or put a proxy with TLS in front."
                    .to_owned(),
            );
        }
        if self.is_secure() && self.tls_certificate.is_empty() && self.trusted_proxies.is_empty() {
            concerns.push(
                "A proxy makes connections secure (setting public_url), but none is trusted: all people share \
                 one counter of tries to sign in and of connections. Set trusted_proxies to its address."
                    .to_owned(),
            );
        }
        if self.session_ports.is_some() {
            concerns.push(
                "Sessions have ports on the application's host (setting session_ports): browsers send the \
                 cookies of one port to all, so what runs in a session can set cookies of the application. \
                 Use it among people who trust each other; a session_domain of its own is safe for all."
                    .to_owned(),
            );
        }
        concerns
    }
}
