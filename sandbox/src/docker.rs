//! The connection to the daemon and the one place where calls are timed.

use crate::{Error, Result};
use bollard::{API_DEFAULT_VERSION, Docker as Client, errors::Error as Bollard};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::sync::{Mutex, OnceCell};

/// No call waits longer for an answer, unless its documentation says so.
pub const CALL_LIMIT: Duration = Duration::from_secs(10);

const DEFAULT_ADDRESS: &str = "unix:///var/run/docker.sock";

/// bollard's own limit counts until the first byte of the answer, which a build or a graceful stop may
/// hold back for long: calls are timed by [`within`] instead.
const CLIENT_LIMIT_S: u64 = 24 * 3600;

/// A handle to a Docker daemon; cheap to clone. It connects at the first call and again at each call
/// after that, so it can be made while the daemon is away.
#[derive(Clone)]
pub struct Docker {
    address: String,
    client: Arc<OnceCell<Client>>,
    /// Choosing a free subnet and taking it must not interleave within this process.
    pub(crate) networks: Arc<Mutex<()>>,
}

impl Docker {
    /// `address`: a socket's path, `unix://…`, `tcp://…` or `http://…`; empty means `DOCKER_HOST` or else
    /// the standard socket. Nothing is asked yet.
    pub fn connect(address: &str) -> Result<Self> {
        let address = match address {
            "" => std::env::var("DOCKER_HOST").unwrap_or_else(|_| DEFAULT_ADDRESS.to_owned()),
            path if path.starts_with('/') => format!("unix://{path}"),
            url => url.to_owned(),
        };
        match address.split_once("://") {
            Some(("unix" | "tcp" | "http", _)) => {
                Ok(Self { address, client: Arc::default(), networks: Arc::default() })
            }
            _ => Err(Error::Refused(format!(
                "{address:?} is no address of a Docker daemon: use unix:///path or tcp://host:port"
            ))),
        }
    }

    /// The client, speaking a version that the daemon knows.
    pub(crate) async fn api(&self) -> Result<&Client> {
        let negotiate = async { self.client()?.negotiate_version().await };
        self.client.get_or_try_init(|| within(CALL_LIMIT, negotiate)).await
    }

    /// Whether the daemon shares this machine's kernel, though perhaps not its network.
    pub(crate) fn is_local(&self) -> bool {
        self.address.starts_with("unix://")
    }

    fn client(&self) -> Result<Client, Bollard> {
        if self.is_local() {
            Client::connect_with_unix(&self.address, CLIENT_LIMIT_S, API_DEFAULT_VERSION)
        } else {
            Client::connect_with_http(&self.address, CLIENT_LIMIT_S, API_DEFAULT_VERSION)
        }
    }
}

/// Waits for an answer no longer than `limit`; a late one counts as none.
pub(crate) async fn within<T>(limit: Duration, call: impl Future<Output = Result<T, Bollard>>) -> Result<T> {
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Error::Unreachable(format!("no answer within {} s", limit.as_secs()))),
    }
}

/// [`within`] the limit of an ordinary call.
pub(crate) async fn ask<T>(call: impl Future<Output = Result<T, Bollard>>) -> Result<T> {
    within(CALL_LIMIT, call).await
}
