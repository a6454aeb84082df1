//! What the host can hold, asked of Docker now and then.

use atelier_api::tier::TierUnavailable;
use atelier_sandbox::Docker;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(30);
/// While Docker does not answer.
const RETRY: Duration = Duration::from_secs(3);

/// The host, as far as it is known.
#[derive(Clone, Default)]
pub struct Host {
    capacity: Arc<RwLock<Option<Capacity>>>,
    /// Stays where it is while Docker is away.
    docker_root: Arc<RwLock<Option<PathBuf>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    pub cpu_milli: i64,
    pub memory_bytes: i64,
}

impl Host {
    pub fn capacity(&self) -> Option<Capacity> {
        *self.capacity.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder of Docker's images and volumes, as Docker sees it.
    pub fn docker_root(&self) -> Option<PathBuf> {
        self.docker_root.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why a container of this size cannot run here.
    pub fn refuses(&self, cpu_milli: i64, memory_bytes: i64) -> Option<TierUnavailable> {
        let Some(capacity) = self.capacity() else { return Some(TierUnavailable::Unknown) };
        if cpu_milli > capacity.cpu_milli {
            return Some(TierUnavailable::Cpu { host_milli: capacity.cpu_milli });
        }
        if memory_bytes > capacity.memory_bytes {
            return Some(TierUnavailable::Memory { host_bytes: capacity.memory_bytes });
        }
        None
    }

    /// Asks Docker now.
    ///
    /// # Errors
    /// If it does not answer; then nothing is known.
    pub async fn look(&self, docker: &Docker) -> Result<(), atelier_sandbox::Error> {
        let seen = docker.daemon().await;
        let capacity = seen.as_ref().ok().map(|daemon| Capacity {
            cpu_milli: i64::from(daemon.cpus) * 1000,
            memory_bytes: i64::try_from(daemon.memory_bytes).unwrap_or(i64::MAX),
        });
        *self.capacity.write().unwrap_or_else(PoisonError::into_inner) = capacity;
        if let Ok(daemon) = &seen {
            let root = Some(PathBuf::from(&daemon.root));
            *self.docker_root.write().unwrap_or_else(PoisonError::into_inner) = root;
        }
        seen.map(drop)
    }

    /// Docker does not answer: nothing is known any more.
    pub fn forget(&self) {
        *self.capacity.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Runs until the server ends.
    pub async fn watch(self, docker: Docker) {
        loop {
            let wait = match self.look(&docker).await {
                Ok(()) => EVERY,
                Err(error) => {
                    tracing::warn!(%error, "Docker does not say what the host can hold");
                    RETRY
                }
            };
            tokio::time::sleep(wait).await;
        }
    }
}
