//! A worker's process: begun when it is needed, ended when nobody has asked for a while.

use super::feed::Shelf;
use super::{Tables, lock};
use crate::app::App;
use crate::error::{Error, Result};
use actix_web::web;
use anyhow::Context;
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http2::SendRequest;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::process::{Child, Command};
use uuid::Uuid;

/// Without a question for so long it is let go of.
const IDLE: Duration = Duration::from_secs(600);
/// Whether it still answers is asked so often, and waited for so long.
const LOOK: Duration = Duration::from_secs(15);

/// One that runs, or did a moment ago.
pub struct Worker {
    pub(super) asks: SendRequest<Full<Bytes>>,
    pub(super) shelf: Arc<Shelf>,
}

impl Tables {
    /// The worker of an organization; another one if the last has ended.
    pub(super) async fn worker(&self, app: &web::Data<App>, organization_id: &str) -> Result<Arc<Worker>> {
        loop {
            let slot = lock(&self.workers).entry(organization_id.to_owned()).or_default().clone();
            let worker = slot.get_or_try_init(|| self.start(app, Some(organization_id.to_owned()))).await?;
            if !worker.asks.is_closed() {
                return Ok(worker.clone());
            }
            lock(&self.workers).retain(|_, other| !Arc::ptr_eq(other, &slot));
        }
    }

    /// One for a single question, that ends with it.
    pub(super) async fn worker_of_its_own(&self, app: &web::Data<App>) -> Result<Arc<Worker>> {
        self.start(app, None).await
    }

    async fn start(&self, app: &web::Data<App>, organization: Option<String>) -> Result<Arc<Worker>> {
        let id = Uuid::now_v7();
        let begun = self.begin(id, organization.is_some()).await;
        if begun.is_err() {
            tokio::fs::remove_dir_all(self.run.join(id.to_string())).await.ok();
        }
        let (worker, child) = begun.map_err(|cause| {
            Error::unavailable(
                "query-worker-absent",
                "Tables cannot be read now: the program that does it is not there. It may still be being built; \
                 if it stays so, tell your administrator the request id.",
                cause,
            )
        })?;
        let worker = Arc::new(worker);
        tokio::spawn(watch(app.clone(), child, Arc::downgrade(&worker), organization, id));
        Ok(worker)
    }

    async fn begin(&self, id: Uuid, shared: bool) -> anyhow::Result<(Worker, Child)> {
        let folder = self.run.join(id.to_string());
        tokio::fs::create_dir(&folder).await.with_context(|| format!("cannot make {}", folder.display()))?;
        let (asks, their_asks) = UnixStream::pair()?;
        let (files, their_files) = UnixStream::pair()?;
        let child = Command::new(&self.program)
            .arg("--spill-dir")
            .arg(&folder)
            .arg("--memory-bytes")
            .arg(self.memory_bytes.to_string())
            .arg("--spill-bytes")
            .arg(self.spill_bytes.to_string())
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(their_asks)))
            .stdout(Stdio::from(OwnedFd::from(their_files)))
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        asks.set_nonblocking(true)?;
        files.set_nonblocking(true)?;
        let shelf = Arc::new(Shelf::default());
        tokio::spawn(super::feed::hand_out(tokio::net::UnixStream::from_std(files)?, shelf.clone()));
        let (asks, moving) = atelier_query::client(tokio::net::UnixStream::from_std(asks)?).await?;
        tokio::spawn(moving);
        tracing::debug!(worker = %id, shared, "a worker for tables has begun");
        Ok((Worker { asks, shelf }, child))
    }
}

/// Until it ends by itself, or nobody needs it.
async fn watch(
    app: web::Data<App>,
    mut child: Child,
    worker: Weak<Worker>,
    organization: Option<String>,
    id: Uuid,
) {
    let unneeded = async {
        match organization {
            Some(organization) => app.tables.idle(&organization, &worker).await,
            None => {
                while worker.strong_count() > 0 {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    };
    let silent = silent(worker.clone());
    tokio::select! {
        ended = child.wait() => match ended {
            Ok(status) => tracing::warn!(worker = %id, %status, "a worker for tables has ended"),
            Err(error) => tracing::warn!(worker = %id, %error, "a worker for tables is lost"),
        },
        () = silent => {
            tracing::warn!(worker = %id, "a worker for tables does not answer and is ended");
            child.start_kill().ok();
            child.wait().await.ok();
        }
        () = unneeded => {
            if let Err(error) = child.kill().await {
                tracing::warn!(worker = %id, %error, "a worker for tables cannot be ended");
            }
        }
    }
    let folder = app.tables.run.join(id.to_string());
    if let Err(error) = tokio::fs::remove_dir_all(&folder).await {
        tracing::warn!(folder = %folder.display(), %error, "cannot be removed");
    }
}

/// Ends when a worker has not answered the simplest question in time: something in it does not give way, and cannot be
/// ended otherwise.
async fn silent(worker: Weak<Worker>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let Some(asks) = worker.upgrade().map(|worker| worker.asks.clone()) else {
            return std::future::pending().await;
        };
        if tokio::time::timeout(LOOK, super::ask::ping(asks)).await.is_err() {
            return;
        }
    }
}

impl Tables {
    /// Ends when this worker is to be let go of, and is nobody's any more.
    async fn idle(&self, organization: &str, worker: &Weak<Worker>) {
        loop {
            tokio::time::sleep(IDLE / 10).await;
            let mut workers = lock(&self.workers);
            // That of the list is one; who asks has another.
            let needed = worker
                .upgrade()
                .is_some_and(|worker| Arc::strong_count(&worker) > 2 || worker.shelf.quiet() < IDLE);
            if !needed {
                workers.retain(|of, slot| {
                    of != organization
                        || slot.get().is_none_or(|other| !std::ptr::eq(Arc::as_ptr(other), worker.as_ptr()))
                });
                return;
            }
        }
    }
}
