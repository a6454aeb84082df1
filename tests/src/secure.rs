//! TLS from the browser's side: an authority that issues certificates, and connections that trust it alone.

use anyhow::Context;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The application's host and those of sessions, as they are by default.
pub const NAMES: [&str; 2] = ["atelier.localhost", "*.atelier-run.localhost"];

/// An authority of the test's own, with a folder for what it issues.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// A certificate in PEM with its key.
pub struct Issued {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    /// # Errors
    /// If no key can be made.
    pub fn new() -> anyhow::Result<Authority> {
        let mut about = CertificateParams::default();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(about, KeyPair::generate()?)?;
        Ok(Authority { issuer, folder: tempfile::Builder::new().prefix("atelier-test-tls").tempdir()? })
    }

    /// Valid for these names since yesterday, for so many days.
    ///
    /// # Errors
    /// If a name is none.
    pub fn issue(&self, names: &[&str], days: i64) -> anyhow::Result<Issued> {
        let mut about =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())?;
        about.not_before = OffsetDateTime::now_utc() - Duration::days(1);
        about.not_after = about.not_before + Duration::days(days);
        let key = KeyPair::generate()?;
        Ok(Issued { certificate: about.signed_by(&key, &self.issuer)?.pem(), key: key.serialize_pem() })
    }

    /// Where the server's certificate and its key are.
    pub fn files(&self) -> [PathBuf; 2] {
        ["fullchain.pem", "privkey.pem"].map(|name| self.folder.path().join(name))
    }

    /// Puts a certificate where the server looks for it.
    ///
    /// # Errors
    /// If the folder is gone.
    pub fn install(&self, issued: &Issued) -> anyhow::Result<()> {
        let [certificate, key] = self.files();
        std::fs::write(certificate, &issued.certificate)?;
        Ok(std::fs::write(key, &issued.key)?)
    }

    /// A connection of somebody who trusts this authority.
    ///
    /// # Errors
    /// If there is no agreement.
    pub async fn connect(
        &self,
        server: SocketAddr,
        name: &str,
        protocols: &[&str],
    ) -> anyhow::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(name.to_owned())?;
        let connector = self.connector(protocols)?;
        Ok(connector.connect(name, TcpStream::connect(server).await?).await?)
    }

    fn connector(&self, protocols: &[&str]) -> anyhow::Result<TlsConnector> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone())?;
        let mut client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        client.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        Ok(TlsConnector::from(Arc::new(client)))
    }
}

/// The certificate that the other end has shown.
///
/// # Errors
/// If it has shown none.
pub fn shown(stream: &TlsStream<TcpStream>) -> anyhow::Result<CertificateDer<'static>> {
    let certificates = stream.get_ref().1.peer_certificates().context("no certificate was shown")?;
    Ok(certificates.first().context("no certificate was shown")?.clone().into_owned())
}

/// Lets clients without TLS speak to a server with it: what they send to the port goes on encrypted.
pub struct Tunnel {
    port: u16,
    task: JoinHandle<()>,
}

impl Tunnel {
    /// # Errors
    /// If no port is free.
    pub async fn open(authority: &Authority, server: u16) -> anyhow::Result<Tunnel> {
        let connector = authority.connector(&["http/1.1"])?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            while let Ok((plain, _)) = listener.accept().await {
                tokio::spawn(carry(connector.clone(), plain, server));
            }
        });
        Ok(Tunnel { port, task })
    }

    pub fn port(&self) -> u16 {
        self.port
    }
}

/// Until either end has said all; an error ends the plain side, which is how its client sees it.
async fn carry(connector: TlsConnector, mut plain: TcpStream, server: u16) -> anyhow::Result<()> {
    let name = ServerName::try_from(NAMES[0])?;
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await?;
    let mut secure = connector.connect(name, stream).await?;
    copy_bidirectional(&mut plain, &mut secure).await?;
    Ok(())
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}
