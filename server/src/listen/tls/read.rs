//! From files to a certificate with its key.

use anyhow::Context;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::path::Path;
use std::time::SystemTime;
use x509_cert::der::{DateTime, Decode};

const CERTIFICATE: &str = "setting tls_certificate (ATELIER_TLS_CERTIFICATE)";
const KEY: &str = "setting tls_key (ATELIER_TLS_KEY)";

/// # Errors
/// Names the setting and the file: if one cannot be read, the key is another's, or the certificate is not
/// valid at this time.
pub(super) fn read(
    certificate: &Path,
    key: &Path,
    provider: &CryptoProvider,
    now: SystemTime,
) -> anyhow::Result<CertifiedKey> {
    let (certificate_file, key_file) = (certificate.display(), key.display());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .with_context(|| format!("{CERTIFICATE}: {certificate_file} cannot be read"))?;
    let first = chain.first();
    let first = first.with_context(|| format!("{CERTIFICATE}: {certificate_file} has no certificate"))?;
    let (from, until) = validity(first)
        .with_context(|| format!("{CERTIFICATE}: {certificate_file} has no certificate that can be used"))?;
    if now < from.to_system_time() {
        anyhow::bail!("{CERTIFICATE}: {certificate_file} is not valid before {from}; check the clock");
    }
    if now > until.to_system_time() {
        anyhow::bail!("{CERTIFICATE}: {certificate_file} expired at {until}; renew it");
    }
    let key = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("{KEY}: {key_file} cannot be read as a private key"))?;
    CertifiedKey::from_der(chain, key, provider)
        .with_context(|| format!("{KEY}: {key_file} is not the key of {certificate_file}"))
}

/// From when until when a certificate is valid.
pub(super) fn validity(certificate: &CertificateDer<'_>) -> anyhow::Result<(DateTime, DateTime)> {
    let certificate = x509_cert::Certificate::from_der(certificate)?;
    let validity = certificate.tbs_certificate().validity();
    Ok((validity.not_before.to_date_time(), validity.not_after.to_date_time()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair};
    use rustls::crypto::ring;
    use std::path::PathBuf;
    use std::time::Duration;
    use time::OffsetDateTime;

    const DAY: Duration = Duration::from_secs(86_400);

    /// A certificate for three days around now and its key, as files of these names.
    fn issued(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
        let mut about = CertificateParams::new(vec!["atelier.example.org".to_owned()]).unwrap();
        about.not_before = OffsetDateTime::now_utc() - DAY;
        about.not_after = OffsetDateTime::now_utc() + 2 * DAY;
        let key = KeyPair::generate().unwrap();
        let files = (folder.join(format!("{name}.crt")), folder.join(format!("{name}.key")));
        std::fs::write(&files.0, about.self_signed(&key).unwrap().pem()).unwrap();
        std::fs::write(&files.1, key.serialize_pem()).unwrap();
        files
    }

    fn read_at(certificate: &Path, key: &Path, now: SystemTime) -> Result<CertifiedKey, String> {
        read(certificate, key, &ring::default_provider(), now).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = issued(folder.path(), "one");
        let (_, other_key) = issued(folder.path(), "other");
        let (missing, empty) = (folder.path().join("missing"), folder.path().join("empty"));
        std::fs::write(&empty, "").unwrap();
        let now = SystemTime::now();
        assert!(read_at(&certificate, &key, now).is_ok());
        for (certificate, key, now, named) in [
            (&missing, &key, now, ["tls_certificate", "missing", "cannot be read"]),
            (&empty, &key, now, ["tls_certificate", "empty", "no certificate"]),
            (&certificate, &missing, now, ["tls_key", "missing", "cannot be read"]),
            (&certificate, &empty, now, ["tls_key", "empty", "cannot be read"]),
            (&certificate, &other_key, now, ["tls_key", "other.key", "is not the key of"]),
            (&certificate, &key, now + 3 * DAY, ["tls_certificate", "one.crt", "expired at"]),
            (&certificate, &key, now - 2 * DAY, ["tls_certificate", "one.crt", "not valid before"]),
        ] {
            let error = read_at(certificate, key, now).err().unwrap();
            for word in named {
                assert!(error.contains(word), "{word} is not in: {error}");
            }
        }
    }
}
