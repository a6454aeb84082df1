//! What the settings must be together.

use super::{Config, site};
use std::net::SocketAddr;

impl Config {
    /// # Errors
    /// Names the setting that is wrong and what it may be.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let listen = address("listen", &self.listen)?;
        let host = self.public_host();
        if !(self.public_url.starts_with("http://") || self.public_url.starts_with("https://"))
            || host.is_empty()
            || self.public_url.matches('/').count() != 2
        {
            return Err(wrong("public_url", "must be http:// or https:// and a host, without a path"));
        }
        match &self.session_ports {
            Some(ports) if ports.contains(listen.port()) => {
                return Err(wrong("session_ports", "must not contain the port of listen"));
            }
            Some(_) => {}
            None => self.check_session_domain()?,
        }
        self.check_tls()?;
        if self.idle_minutes > 0 && self.idle_warning_minutes >= self.idle_minutes {
            return Err(wrong("idle_warning_minutes", "must be less than idle_minutes"));
        }
        if self.garbage_every_seconds == 0 {
            return Err(wrong("garbage_every_seconds", "must be 1 at least"));
        }
        Ok(())
    }

    fn check_session_domain(&self) -> anyhow::Result<()> {
        if site::same(&self.session_domain, self.public_host()) {
            return Err(wrong(
                "session_domain",
                &format!(
                    "must be another registrable domain than {} of public_url, because code in sessions \
                     must not share its cookies: if that is atelier.example.org, then not \
                     run.example.org but, for instance, atelier-run.example.net. \
                     Without a name to spare, see session_ports",
                    self.public_host()
                ),
            ));
        }
        if site::is_address(&self.session_domain) {
            return Err(wrong("session_domain", "must be a name, because each session is a name below it"));
        }
        Ok(())
    }

    fn check_tls(&self) -> anyhow::Result<()> {
        if self.tls_key.len() != self.tls_certificate.len() {
            return Err(wrong(
                "tls_key",
                "must name one file for each of tls_certificate, in the same order",
            ));
        }
        if !self.tls_certificate.is_empty() && !self.is_secure() {
            return Err(wrong("public_url", "must begin with https://, because tls_certificate is set"));
        }
        if let Some(from) = &self.redirect_from {
            address("redirect_from", from)?;
            if !self.is_secure() {
                return Err(wrong("redirect_from", "needs a public_url that begins with https://"));
            }
        }
        Ok(())
    }
}

fn address(name: &str, text: &str) -> anyhow::Result<SocketAddr> {
    text.parse().map_err(|_| wrong(name, "must be an address and a port, as 127.0.0.1:8080"))
}

fn wrong(name: &str, why: &str) -> anyhow::Error {
    anyhow::anyhow!("setting {name} (ATELIER_{}): {why}", name.to_uppercase())
}
