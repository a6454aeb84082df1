//! Connections that the agent keeps waiting until a stream is needed.

use super::lock;
use atelier_api::channel::WAKE;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::Mutex;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::sync::{Notify, OwnedSemaphorePermit};

/// More waiting connections of one workload are of no use.
const WAITING: usize = 64;

/// A connection, and its place among the workload's.
pub(super) struct Waiting {
    pub(super) socket: UnixStream,
    pub(super) permit: OwnedSemaphorePermit,
}

#[derive(Default)]
pub(super) struct Pool {
    waiting: Mutex<VecDeque<Waiting>>,
    added: Notify,
}

impl Pool {
    pub(super) fn add(&self, connection: Waiting) {
        let mut waiting = lock(&self.waiting);
        if waiting.len() >= WAITING {
            waiting.retain(Waiting::is_alive);
        }
        if waiting.len() < WAITING {
            waiting.push_back(connection);
            self.added.notify_one();
        }
    }

    /// The next connection whose agent is still there, woken. Waits for one if need be.
    pub(super) async fn take(&self) -> Waiting {
        loop {
            let next = lock(&self.waiting).pop_front();
            match next {
                Some(connection) => {
                    if let Some(woken) = connection.wake().await {
                        return woken;
                    }
                }
                None => self.added.notified().await,
            }
        }
    }
}

impl Waiting {
    /// A waiting agent says nothing: whatever can be read is its end or a breach of the protocol.
    fn is_alive(&self) -> bool {
        matches!(self.socket.try_read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    async fn wake(mut self) -> Option<Waiting> {
        (self.is_alive() && self.socket.write_u8(WAKE).await.is_ok()).then_some(self)
    }
}
