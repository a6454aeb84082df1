//! Secure connections by the server itself.

mod certificates;
mod read;

use crate::config::Config;
use certificates::Certificates;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

pub(super) type Acceptor = TlsAcceptor;

pub(super) const HTTP_2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";

/// What accepts secure connections, if the settings name certificates. They are read anew when their files
/// change, for as long as this is kept.
///
/// # Errors
/// Names the setting and the file, if a file is missing, does not fit, or has expired.
pub(super) fn open(config: &Config) -> anyhow::Result<Option<Acceptor>> {
    if config.tls_certificate.is_empty() {
        return Ok(None);
    }
    let provider = Arc::new(ring::default_provider());
    let certificates = Arc::new(Certificates::open(config, provider.clone())?);
    tokio::spawn(Certificates::watch(Arc::downgrade(&certificates)));
    Ok(Some(TlsAcceptor::from(Arc::new(server(provider, certificates)?))))
}

/// What an administrator should see to: certificates that end soon, hosts that none is for.
///
/// # Errors
/// As the server refuses to start: if a file is missing, does not fit, or has expired.
pub fn concerns(config: &Config) -> anyhow::Result<Vec<String>> {
    if config.tls_certificate.is_empty() {
        return Ok(Vec::new());
    }
    let certificates = Certificates::open(config, Arc::new(ring::default_provider()))?;
    Ok(certificates.concerns(&config.hosts()))
}

fn server(provider: Arc<CryptoProvider>, certificates: Arc<Certificates>) -> anyhow::Result<ServerConfig> {
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    server.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1.to_vec()];
    Ok(server)
}
