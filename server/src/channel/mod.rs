//! The server's ends of the workloads' channels; the protocol is [`atelier_api::channel`].
//!
//! Each workload has a folder with one Unix socket. The folder is mounted read-only into its container, so
//! whoever connects there *is* that workload, and no more is believed of what it says: lines, connections
//! and their rates are bounded per workload, and one workload's flood does not hold up another's.

mod control;
mod direct;
mod folder;
mod listener;
mod pool;
mod program;
mod stream;
mod traffic;
mod workload;

#[cfg(test)]
mod tests;

pub use program::{Program, Requests};
pub use stream::{NoStream, Stream};
pub use traffic::Traffic;

use crate::billing::Moment;
use atelier_api::channel::{Order, Report};
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::UnixListener;
use tokio::sync::mpsc;
use workload::Workload;

/// What a workload reports: its id, the generation that it claims to be of, and the report.
pub type Told = (String, i64, Report);

/// Reports that may wait for the reconciler, and programs' connections for the API; beyond it the agents
/// wait.
const BACKLOG: usize = 1024;

/// The channels of all workloads on this host.
#[derive(Clone)]
pub struct Channels(Arc<Inner>);

struct Inner {
    run_dir: PathBuf,
    open: Mutex<HashMap<String, Arc<Workload>>>,
    /// Held while a socket is made, so that two never replace each other.
    opening: tokio::sync::Mutex<()>,
    heard: Heard,
    reports: Mutex<Option<mpsc::Receiver<Told>>>,
    programs: Mutex<Option<mpsc::Receiver<Program>>>,
    traffic: Traffic,
}

/// Where what comes over the channels goes.
#[derive(Clone)]
struct Heard {
    reports: mpsc::Sender<Told>,
    programs: mpsc::Sender<Program>,
}

impl Channels {
    /// Sockets will be made in folders below `run_dir`.
    pub fn new(run_dir: PathBuf) -> Channels {
        let (report, reports) = mpsc::channel(BACKLOG);
        let (program, programs) = mpsc::channel(BACKLOG);
        Channels(Arc::new(Inner {
            run_dir,
            open: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            heard: Heard { reports: report, programs: program },
            reports: Mutex::new(Some(reports)),
            programs: Mutex::new(Some(programs)),
            traffic: Traffic::default(),
        }))
    }

    /// What the agents report, for whoever asks first.
    pub fn reports(&self) -> Option<mpsc::Receiver<Told>> {
        lock(&self.0.reports).take()
    }

    /// The connections of programs that ask for the API, for whoever asks first.
    pub fn programs(&self) -> Option<mpsc::Receiver<Program>> {
        lock(&self.0.programs).take()
    }

    /// The folder to mount at [`atelier_api::channel::FOLDER`], read-only.
    pub fn folder(&self, workload_id: &str) -> PathBuf {
        self.0.run_dir.join(workload_id)
    }

    /// Listens for this workload's agent from now on. A socket that an earlier server left is replaced
    /// where it is, so that running containers find the new one.
    ///
    /// # Errors
    /// If the folder or the socket cannot be made.
    pub async fn open(&self, workload_id: &str) -> io::Result<()> {
        let _turn = self.0.opening.lock().await;
        if self.workload(workload_id).is_some() {
            return Ok(());
        }
        let (run_dir, folder) = (self.0.run_dir.clone(), self.folder(workload_id));
        let listener = blocking(move || folder::bind(&run_dir, &folder)).await?;
        let workload = Arc::new(Workload::new(workload_id));
        let serving =
            listener::serve(UnixListener::from_std(listener)?, workload.clone(), self.0.heard.clone());
        tokio::spawn(serving);
        lock(&self.0.open).insert(workload_id.to_owned(), workload);
        Ok(())
    }

    /// Ends this workload's connections and streams and removes its folder.
    pub fn close(&self, workload_id: &str) {
        if let Some(workload) = lock(&self.0.open).remove(workload_id) {
            workload.closed.cancel();
        }
        folder::remove(&self.folder(workload_id));
    }

    /// Ends all connections and streams and leaves the folders to the server that listens there now.
    pub fn leave_all(&self) {
        for (_, workload) in lock(&self.0.open).drain() {
            workload.closed.cancel();
        }
    }

    /// Sends an order to the agent. False if it is not connected or does not take orders.
    pub fn order(&self, workload_id: &str, order: Order) -> bool {
        self.workload(workload_id).is_some_and(|workload| workload.control.order(order))
    }

    /// The generation of the agent that is connected now.
    pub fn connected(&self, workload_id: &str) -> Option<i64> {
        self.workload(workload_id)?.control.generation()
    }

    /// How many agents are connected.
    pub fn connected_agents(&self) -> usize {
        lock(&self.0.open).values().filter(|workload| workload.control.generation().is_some()).count()
    }

    /// What went over all streams so far.
    pub fn traffic(&self) -> &Traffic {
        &self.0.traffic
    }

    /// The generation of the workload's last agent, and until when it was certainly there.
    pub fn seen(&self, workload_id: &str) -> Option<(i64, Moment)> {
        self.workload(workload_id)?.control.seen()
    }

    /// A stream of bytes to the workload's tool.
    ///
    /// # Errors
    /// If the channel is not open or the agent offers no connection in time.
    pub async fn stream(&self, workload_id: &str) -> Result<Stream, NoStream> {
        let workload = self.workload(workload_id).ok_or(NoStream::Closed)?;
        Stream::take(&workload, self.0.traffic.clone()).await
    }

    /// Notes that a person did something in the workload's tool just now.
    pub fn interaction(&self, workload_id: &str) {
        if let Some(workload) = self.workload(workload_id) {
            workload.interaction();
        }
    }

    /// When a person last did something in the tool through this server, milliseconds since the epoch.
    pub fn last_interaction(&self, workload_id: &str) -> Option<i64> {
        self.workload(workload_id)?.last_interaction()
    }

    fn workload(&self, workload_id: &str) -> Option<Arc<Workload>> {
        lock(&self.0.open).get(workload_id).cloned()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
