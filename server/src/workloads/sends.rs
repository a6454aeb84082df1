//! Those who wait for an agent to have sent the files of its person.

use super::Workloads;
use crate::app::App;
use crate::error::{Error, Result};
use actix_web::http::StatusCode;
use atelier_api::channel::Order;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// For all that changed to be sent. What was sent by then need not be sent again.
const PATIENCE: Duration = Duration::from_secs(90);

/// By workload and number: who is to be told of a problem, or of none.
type Waiting = HashMap<(String, u64), oneshot::Sender<Option<String>>>;

pub(super) struct Sends {
    last: AtomicU64,
    waiting: Mutex<Waiting>,
}

impl Default for Sends {
    /// Numbers begin anywhere: what an agent answers to a server that was here before is no answer to this one.
    fn default() -> Self {
        Self { last: AtomicU64::new(rand::random::<u64>() >> 1), waiting: Mutex::default() }
    }
}

impl Sends {
    fn expect(&self, workload: &str) -> (u64, oneshot::Receiver<Option<String>>) {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let (sender, done) = oneshot::channel();
        self.lock().insert((workload.to_owned(), id), sender);
        (id, done)
    }

    /// The agent says that it is done, or why it could not.
    pub(super) fn done(&self, workload: &str, id: u64, problem: Option<String>) {
        if let Some(waiting) = self.lock().remove(&(workload.to_owned(), id)) {
            // Who waited may have gone.
            let _ = waiting.send(problem);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Workloads {
    /// Has the agent of a running workload send what changed in its person's copy of the project's files.
    ///
    /// # Errors
    /// If it is not here, does not do it in time, or cannot.
    pub async fn files_sent(&self, app: &App, workload: &str) -> Result<()> {
        let (id, done) = self.0.sends.expect(workload);
        if !app.channels.order(workload, Order::Send { id }) {
            self.0.sends.done(workload, id, None);
            let detail = "The session's agent is not connected. Try again in a moment.";
            return Err(Error::status(StatusCode::SERVICE_UNAVAILABLE, "agent-away", detail));
        }
        match tokio::time::timeout(PATIENCE, done).await {
            Ok(Ok(None)) => Ok(()),
            Ok(Ok(Some(problem))) => {
                let detail =
                    format!("The session's files could not be sent: {problem}. Try again in a moment.");
                Err(Error::status(StatusCode::SERVICE_UNAVAILABLE, "files-not-sent", detail))
            }
            Ok(Err(_)) | Err(_) => {
                self.0.sends.done(workload, id, None);
                let detail = "The session's files are still being sent. Save once more in a minute.";
                Err(Error::status(StatusCode::SERVICE_UNAVAILABLE, "files-not-sent", detail))
            }
        }
    }
}
