//! Tables: files of versions that have rows. What is asked of them is computed by a process apart, one for each
//! organization (`server/query/worker`), which a hostile file or a query may end, and which sees nothing but the files
//! that it is asked about.

mod ask;
mod feed;
mod found;
mod named;
mod routes;
mod worker;

pub use routes::routes;

use crate::config::Config;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use worker::Worker;

/// Questions of one person that are worked on at a time; more wait.
const OF_ONE: usize = 4;
/// Questions that have a worker of their own at a time, because another's ended: each may take all memory of one.
const ALONE: usize = 2;

/// The workers, and whose turn it is.
pub struct Tables {
    program: PathBuf,
    /// Where workers have their folders.
    run: PathBuf,
    memory_bytes: u64,
    spill_bytes: u64,
    /// By organization.
    workers: Mutex<HashMap<String, Arc<OnceCell<Arc<Worker>>>>>,
    /// By person.
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
    alone: Arc<Semaphore>,
}

impl Tables {
    pub fn new(config: &Config) -> anyhow::Result<Tables> {
        let beside = || Ok::<_, std::io::Error>(std::env::current_exe()?.with_file_name("atelier-query"));
        let run = config.run_dir().join("query");
        // What workers of a server that was killed left.
        match std::fs::remove_dir_all(&run) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => std::fs::create_dir_all(&run)?,
        }
        Ok(Tables {
            program: config.query_worker.clone().map_or_else(beside, Ok)?,
            run,
            memory_bytes: u64::from(config.query_memory_mib) << 20,
            spill_bytes: u64::from(config.query_spill_mib) << 20,
            workers: Mutex::default(),
            turns: Mutex::default(),
            alone: Arc::new(Semaphore::new(ALONE)),
        })
    }

    async fn alone(&self) -> Option<OwnedSemaphorePermit> {
        self.alone.clone().acquire_owned().await.ok()
    }

    /// For as long as it is held, one question of this person is worked on.
    async fn turn(&self, user_id: &str) -> Option<OwnedSemaphorePermit> {
        let turns = {
            let mut turns = lock(&self.turns);
            turns.retain(|_, turns| Arc::strong_count(turns) > 1);
            turns.entry(user_id.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(OF_ONE))).clone()
        };
        turns.acquire_owned().await.ok()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
