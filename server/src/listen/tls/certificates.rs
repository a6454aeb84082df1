//! The certificates in use.

use super::read::{read, validity};
use crate::config::Config;
use rustls::client::verify_server_name;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::ServerName;
use rustls::server::{ClientHello, ParsedCertificate, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::{Duration, SystemTime};

/// Between two looks at the files.
const LOOK: Duration = Duration::from_secs(2);
/// A certificate that ends so soon should have been renewed.
const SOON: Duration = Duration::from_secs(14 * 86_400);

/// Chosen by the name that a client asks for; the first if none fits. Open connections keep theirs.
#[derive(Debug)]
pub(super) struct Certificates {
    /// Certificate and key.
    files: Vec<(PathBuf, PathBuf)>,
    provider: Arc<CryptoProvider>,
    current: RwLock<Vec<Arc<CertifiedKey>>>,
}

/// Tells whether a file is another than before: when it was written, and how long it is.
type Stamp = Option<(SystemTime, u64)>;

impl Certificates {
    /// # Errors
    /// Names the setting and the file that cannot be used.
    pub(super) fn open(config: &Config, provider: Arc<CryptoProvider>) -> anyhow::Result<Certificates> {
        let files = config.tls_certificate.iter().cloned().zip(config.tls_key.iter().cloned()).collect();
        let certificates = Certificates { files, provider, current: RwLock::default() };
        certificates.renew()?;
        Ok(certificates)
    }

    /// Reads the files. If one cannot be used, nothing changes.
    fn renew(&self) -> anyhow::Result<()> {
        let now = SystemTime::now();
        let one = |(certificate, key): &(PathBuf, PathBuf)| {
            read(certificate, key, &self.provider, now).map(Arc::new)
        };
        let read = self.files.iter().map(one).collect::<anyhow::Result<_>>()?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// Looks for changed files until the certificates are dropped.
    pub(super) async fn watch(certificates: Weak<Certificates>) {
        let mut seen = certificates.upgrade().map(|certificates| certificates.stamps());
        loop {
            tokio::time::sleep(LOOK).await;
            let Some(certificates) = certificates.upgrade() else { return };
            let look = move || {
                let stamps = Some(certificates.stamps());
                // Tools that renew write one file after the other: what does not fit is looked at again with
                // the next change.
                if stamps != seen {
                    match certificates.renew() {
                        Ok(()) => tracing::info!("the certificates were read anew"),
                        Err(error) => tracing::error!(
                            error = format!("{error:#}"),
                            "the changed certificates cannot be used; the ones before stay in use"
                        ),
                    }
                }
                stamps
            };
            seen = tokio::task::spawn_blocking(look).await.unwrap_or_default();
        }
    }

    fn stamps(&self) -> Vec<Stamp> {
        let stamp = |file: &Path| -> Stamp {
            let about = std::fs::metadata(file).ok()?;
            Some((about.modified().ok()?, about.len()))
        };
        self.files.iter().flat_map(|(certificate, key)| [stamp(certificate), stamp(key)]).collect()
    }

    fn for_name(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let name = ServerName::try_from(name).ok()?;
        let fits = |certificate: &&Arc<CertifiedKey>| {
            let parsed = certificate.end_entity_cert().and_then(ParsedCertificate::try_from);
            parsed.is_ok_and(|parsed| verify_server_name(&parsed, &name).is_ok())
        };
        self.current.read().unwrap_or_else(PoisonError::into_inner).iter().find(fits).cloned()
    }

    /// What an administrator should see to: certificates that end soon, hosts that none is for.
    pub(super) fn concerns(&self, hosts: &[String]) -> Vec<String> {
        let soon = SystemTime::now() + SOON;
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let ending = current.iter().zip(&self.files).filter_map(|(certificate, (file, _))| {
            let (_, until) = validity(certificate.end_entity_cert().ok()?).ok()?;
            let text = format!("The certificate {} expires at {until}: renew it.", file.display());
            (until.to_system_time() < soon).then_some(text)
        });
        let foreign = hosts.iter().filter(|host| self.for_name(host).is_none()).map(|host| {
            format!("No certificate of setting tls_certificate is for {host}: browsers will refuse it.")
        });
        ending.chain(foreign).collect()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let first = || self.current.read().unwrap_or_else(PoisonError::into_inner).first().cloned();
        hello.server_name().and_then(|name| self.for_name(name)).or_else(first)
    }
}
