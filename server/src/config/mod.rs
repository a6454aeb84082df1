//! Settings: a file, then the environment, then flags; the later wins.

mod check;
mod concerns;
mod list;
mod network;
mod ports;
mod site;

pub use network::Network;
pub use ports::Ports;

use anyhow::Context;
use clap::Args;
use list::list;
use serde::Deserialize;
use std::path::PathBuf;

/// Every setting. In the file by these names, in the environment as `ATELIER_` and the name in capitals.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the database, the objects and the sessions' channels live.
    pub data_dir: PathBuf,
    /// Where the sessions' channels are; in the data folder if absent. Several servers on one host share it.
    pub run_dir: Option<PathBuf>,
    /// Address and port to listen on.
    pub listen: String,
    /// PEM files of certificates, each with those that it hangs from, for secure connections to the server
    /// itself. Read anew when they change.
    #[serde(deserialize_with = "list")]
    pub tls_certificate: Vec<PathBuf>,
    /// PEM files of their private keys, in the same order.
    #[serde(deserialize_with = "list")]
    pub tls_key: Vec<PathBuf>,
    /// Address and port on which browsers without TLS are sent to the secure address.
    pub redirect_from: Option<String>,
    /// Connections that one address may have open; 0 for any number. Trusted proxies are not counted.
    pub connections_per_address: u32,
    /// The address of the application in a browser, without a path: `http://atelier.localhost:8080`.
    /// Derived from the port of `listen` if absent.
    #[serde(default)]
    pub public_url: String,
    /// The sessions' own domain, another site than the application's: each session is
    /// `<id>.<session_domain>`, with the scheme and port of `public_url`.
    pub session_domain: String,
    /// Each session has a port of this range on the application's host, instead of a host of its own.
    pub session_ports: Option<Ports>,
    /// `sqlite:PATH` or `postgres://…`; a file in the data folder if absent.
    pub database_url: Option<String>,
    /// Where the files of versions are kept: `s3://bucket/prefix`, `az://…`, `gs://…` or `file:///folder`; the
    /// folder `objects` in the data folder if absent.
    pub storage_url: Option<String>,
    /// Docker's socket or address; the local one if absent.
    pub docker: Option<String>,
    /// Sessions' networks are cut from this range.
    pub network_pool: String,
    /// Proxies in front of the server, whose word on where a request comes from is taken.
    #[serde(deserialize_with = "list")]
    pub trusted_proxies: Vec<Network>,
    /// Addresses inside the closed ranges that sessions may reach all the same: `10.1.2.3` or `10.1.2.3:443`.
    #[serde(deserialize_with = "list")]
    pub egress_allow: Vec<String>,
    /// Minutes without work after which a session is stopped; 0 switches it off.
    pub idle_minutes: u32,
    /// Minutes before an idle stop at which its owner is warned.
    pub idle_warning_minutes: u32,
    /// MiB that stay free on the disks of Docker and of the data folder: nothing new begins below, and who
    /// writes most is stopped; 0 switches it off.
    pub disk_reserve_mib: u32,
    /// MiB that a session's folders may hold; beyond it the session is stopped. 0 switches it off.
    pub session_disk_mib: u32,
    /// MiB of versions of data that are kept on the Docker host for sessions; what was not used for longest goes.
    /// 0 for no limit but the disk's reserve.
    pub data_cache_mib: u32,
    /// A version of more MiB is not copied to the host but read through the API; 0 for no limit.
    pub data_version_mib: u32,
    /// Seconds between two collections of what no version and no upload needs any more.
    pub garbage_every_seconds: u32,
    /// Seconds for which that is kept all the same; an upload may rely for a quarter of it on what it was told is there.
    pub garbage_grace_seconds: u32,
    /// The program that computes on tables, if not `atelier-query` beside this one.
    pub query_worker: Option<PathBuf>,
    /// MiB of memory for the tables of an organization.
    pub query_memory_mib: u32,
    /// MiB that questions about them may put on the disk.
    pub query_spill_mib: u32,
    /// Docker's root folder as the server sees it, if not where Docker says: for a server in a container.
    pub docker_root: Option<PathBuf>,
    /// Days until a browser has to sign in again.
    pub sign_in_days: u32,
    /// CA certificates (PEM) that environment builds and sessions trust in addition.
    pub ca_certificates: Option<PathBuf>,
    /// A pip configuration file for environment builds.
    pub pip_config: Option<PathBuf>,
    /// An apt configuration file for environment builds.
    pub apt_config: Option<PathBuf>,
    /// A folder of environment definitions beside the built-in ones.
    pub environments_dir: Option<PathBuf>,
    /// Opens `/metrics` to whoever sends it as a bearer token; without it, to the host itself only.
    pub metrics_token: Option<String>,
    /// Log as JSON lines instead of text.
    pub log_json: bool,
}

/// Flags that override the file and the environment.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// Settings file (TOML). Default: `atelier.toml` in the data folder, if it is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the database, the objects and the sessions' channels live.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Any other setting, as NAME=VALUE.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
}

impl Flags {
    /// What they, the environment and the file say together, by the settings' names.
    ///
    /// # Errors
    /// If the file cannot be read, or a flag is not understood.
    pub fn settings(&self) -> anyhow::Result<config::Config> {
        let data_dir = self
            .data_dir
            .clone()
            .or_else(|| std::env::var_os("ATELIER_DATA_DIR").map(PathBuf::from))
            .unwrap_or_else(|| PathBuf::from(".data"));
        let data_dir = std::path::absolute(data_dir)?;
        let mut settings = config::Config::builder()
            .set_default("listen", "127.0.0.1:8080")?
            .set_default("tls_certificate", "")?
            .set_default("tls_key", "")?
            .set_default("connections_per_address", 4000)?
            .set_default("session_domain", "atelier-run.localhost")?
            .set_default("network_pool", "10.213.0.0/16")?
            .set_default("trusted_proxies", "")?
            .set_default("egress_allow", "")?
            .set_default("idle_minutes", 60)?
            .set_default("idle_warning_minutes", 5)?
            .set_default("disk_reserve_mib", 5 * 1024)?
            .set_default("session_disk_mib", 10 * 1024)?
            .set_default("data_cache_mib", 50 * 1024)?
            .set_default("data_version_mib", 10 * 1024)?
            .set_default("garbage_every_seconds", 6 * 3600)?
            .set_default("garbage_grace_seconds", 24 * 3600)?
            .set_default("query_memory_mib", 1024)?
            .set_default("query_spill_mib", 20 * 1024)?
            .set_default("sign_in_days", 30)?
            .set_default("log_json", false)?;
        settings = match &self.config {
            Some(file) => settings.add_source(config::File::from(file.as_path())),
            None => settings.add_source(config::File::from(data_dir.join("atelier.toml")).required(false)),
        };
        settings = settings.add_source(
            config::Environment::with_prefix("ATELIER")
                .prefix_separator("_")
                .separator("__")
                .ignore_empty(true)
                .try_parsing(true)
                .source(Some(known_environment())),
        );
        settings = settings.set_override("data_dir", data_dir.to_string_lossy().into_owned())?;
        if let Some(listen) = &self.listen {
            settings = settings.set_override("listen", listen.as_str())?;
        }
        for pair in &self.set {
            let (name, value) =
                pair.split_once('=').with_context(|| format!("--set {pair}: write it as NAME=VALUE"))?;
            settings = settings.set_override(name, value)?;
        }
        settings.build().context("the settings cannot be read")
    }
}

impl Config {
    /// # Errors
    /// Names the setting that is wrong and what it may be.
    pub fn load(flags: &Flags) -> anyhow::Result<Config> {
        let settings = flags.settings()?;
        let mut config: Config = serde_path_to_error::deserialize(settings).map_err(|error| {
            let name = error.path().to_string();
            anyhow::anyhow!("setting {name} (ATELIER_{}): {}", name.to_uppercase(), error.inner())
        })?;
        if config.public_url.is_empty() {
            let port = config.listen.rsplit(':').next().unwrap_or_default();
            let scheme = if config.tls_certificate.is_empty() { "http" } else { "https" };
            config.public_url = format!("{scheme}://atelier.localhost:{port}");
        }
        config.check()?;
        Ok(config)
    }

    /// Host of the application without the port.
    pub fn public_host(&self) -> &str {
        let authority = self.public_authority();
        &authority[..authority.len() - self.public_port().len()]
    }

    fn public_authority(&self) -> &str {
        self.public_url.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// `:8080`, or nothing if the port is the scheme's own.
    fn public_port(&self) -> &str {
        let authority = self.public_authority();
        let after_address = authority.find(']').unwrap_or_default();
        authority[after_address..].find(':').map_or("", |at| &authority[after_address + at..])
    }

    fn scheme(&self) -> &str {
        self.public_url.split_once("://").map_or("http", |(scheme, _)| scheme)
    }

    /// Where a session with a host of its own is reached, without a path.
    pub fn session_url(&self, id: &str) -> String {
        format!("{}://{id}.{}{}", self.scheme(), self.session_domain, self.public_port())
    }

    /// Where a session with a port of its own is reached, without a path.
    pub fn session_port_url(&self, port: u16) -> String {
        format!("{}://{}:{port}", self.scheme(), self.public_host())
    }

    /// Whether browsers reach the server by TLS, its own or a proxy's.
    pub fn is_secure(&self) -> bool {
        self.scheme() == "https"
    }

    /// The hosts that browsers ask for, with one for any session.
    pub fn hosts(&self) -> Vec<String> {
        let session = format!("session.{}", self.session_domain);
        let application = std::iter::once(self.public_host().to_owned());
        application.chain(self.session_ports.is_none().then_some(session)).collect()
    }

    /// Whether browsers treat the application's address as secure, as they do `*.localhost`.
    pub fn secure_cookies(&self) -> bool {
        let host = self.public_host();
        self.is_secure() || host == "localhost" || host.ends_with(".localhost")
    }

    /// Bytes that stay free on the host's disks.
    pub fn disk_reserve(&self) -> i64 {
        i64::from(self.disk_reserve_mib) << 20
    }

    /// Bytes that a session's folders may hold; 0 for no limit.
    pub fn session_disk(&self) -> i64 {
        i64::from(self.session_disk_mib) << 20
    }

    /// Folder of the sessions' channels.
    pub fn run_dir(&self) -> PathBuf {
        self.run_dir.clone().unwrap_or_else(|| self.data_dir.join("run"))
    }

    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("atelier.sqlite").display()))
    }
}

/// Variables of the environment that name settings. Others with our prefix belong to the tests and tools.
const NAMES: &[&str] = &[
    "RUN_DIR",
    "LISTEN",
    "TLS_CERTIFICATE",
    "TLS_KEY",
    "REDIRECT_FROM",
    "CONNECTIONS_PER_ADDRESS",
    "PUBLIC_URL",
    "SESSION_DOMAIN",
    "SESSION_PORTS",
    "DATABASE_URL",
    "STORAGE_URL",
    "DOCKER",
    "NETWORK_POOL",
    "TRUSTED_PROXIES",
    "EGRESS_ALLOW",
    "IDLE_MINUTES",
    "IDLE_WARNING_MINUTES",
    "DISK_RESERVE_MIB",
    "SESSION_DISK_MIB",
    "DATA_CACHE_MIB",
    "DATA_VERSION_MIB",
    "GARBAGE_EVERY_SECONDS",
    "GARBAGE_GRACE_SECONDS",
    "QUERY_WORKER",
    "QUERY_MEMORY_MIB",
    "QUERY_SPILL_MIB",
    "DOCKER_ROOT",
    "SIGN_IN_DAYS",
    "CA_CERTIFICATES",
    "PIP_CONFIG",
    "APT_CONFIG",
    "ENVIRONMENTS_DIR",
    "METRICS_TOKEN",
    "LOG_JSON",
];

fn known_environment() -> std::collections::HashMap<String, String> {
    std::env::vars().filter(|(name, _)| NAMES.iter().any(|n| name == &format!("ATELIER_{n}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn each_setting_that_is_documented_is_read_from_the_environment() {
        let page = include_str!("../../../docs/configuration.md");
        let table = page.split("\n\n").find(|part| part.contains("| `data_dir` |")).unwrap();
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
        let mut documented: Vec<_> = rows.map(|(name, _)| name.to_uppercase()).collect();
        documented.retain(|name| name != "DATA_DIR");
        let mut known = NAMES.to_vec();
        known.sort_unstable();
        documented.sort();
        assert_eq!(known, documented);
    }
}
