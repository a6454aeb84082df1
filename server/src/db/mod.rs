//! The database: SQLite or PostgreSQL behind one door.
//!
//! Reads take any connection. Writes go through [`Db::write`], admissions (a quota, a budget, a lease)
//! through [`Db::admit`]; nothing else opens a transaction. All of it runs off the async threads.

mod connection;
mod examine;
mod integrity;
mod migrate;
mod safety_copy;
pub mod schema;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod timings;
mod whole;

pub use connection::{AnyConnection as Connection, listener};
pub use examine::examine;
pub use migrate::applied as applied_steps;
pub use timings::Timings;
pub use whole::{fill, look, snapshot};

use crate::error::{Error, Result};
use connection::{Backend, Manager, Pool};
use diesel::RunQueryDsl;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a request waits for a connection before it is told that the database is busy.
const WAIT: Duration = Duration::from_secs(4);
/// No longer does it wait for the whole: a frozen database cuts no connection. What was begun may yet happen.
const LIMIT: Duration = Duration::from_millis(4500);
/// How often a write that collided with another is tried.
const ATTEMPTS: u32 = 12;

#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    readers: Pool,
    writers: Pool,
    timings: Timings,
}

/// Which guarantees a write needs on PostgreSQL; SQLite has one writer anyway.
#[derive(Clone, Copy)]
enum Isolation {
    ReadCommitted,
    Serializable,
}

impl Db {
    /// Opens the database at `url` (`sqlite:PATH`, or `postgres://…`) and brings its schema up to date.
    ///
    /// # Errors
    /// If it cannot be reached, is damaged, is of a newer schema, or SQLite is older than 3.51.3.
    pub fn open(url: &str) -> anyhow::Result<Db> {
        let backend = Backend::from_url(url)?;
        backend.make_folder()?;
        let mut connection = backend.connect_whole(integrity::Depth::Quick)?;
        migrate::run(&backend, &mut connection, migrate::STEPS)?;
        let (readers, writers) = match backend {
            Backend::Sqlite(_) => (4, 1),
            Backend::Postgres(_) => (8, 8),
        };
        let pool = |size| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(WAIT)
                .build_unchecked(Manager(backend.clone()))
        };
        let (readers, writers, timings) = (pool(readers), pool(writers), Timings::default());
        Ok(Db { inner: Arc::new(Inner { readers, writers, backend, timings }) })
    }

    /// How long reads and writes take.
    pub fn timings(&self) -> &Timings {
        &self.inner.timings
    }

    /// How many connections are open, and how many of them nobody uses.
    pub fn connections(&self) -> (u32, u32) {
        let (readers, writers) = (self.inner.readers.state(), self.inner.writers.state());
        (readers.connections + writers.connections, readers.idle_connections + writers.idle_connections)
    }

    /// Whether this server is the only one on the database.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.inner.backend, Backend::Sqlite(_))
    }

    /// Runs queries that change nothing.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let inner = self.inner.clone();
        off_the_async_threads(move || {
            let begun = Instant::now();
            let mut connection = inner.readers.get()?;
            let found = query(&mut connection);
            inner.timings.read.observe(begun.elapsed().as_secs_f64());
            found
        })
        .await
    }

    /// Runs a write transaction; it may run again if it collided with another.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl FnMut(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.transaction(Isolation::ReadCommitted, change).await
    }

    /// Like [`Db::write`], for a change that is allowed only by what the same transaction read.
    pub async fn admit<T: Send + 'static>(
        &self,
        change: impl FnMut(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.transaction(Isolation::Serializable, change).await
    }

    async fn transaction<T: Send + 'static>(
        &self,
        isolation: Isolation,
        mut change: impl FnMut(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let inner = self.inner.clone();
        off_the_async_threads(move || {
            let begin = inner.backend.begin(matches!(isolation, Isolation::Serializable));
            let (begun, mut attempt) = (Instant::now(), 1);
            loop {
                let mut connection = inner.writers.get()?;
                let outcome = once(&mut connection, begin, &mut change);
                drop(connection);
                match outcome {
                    Err(error) if error.is_collision() && attempt < ATTEMPTS => {
                        std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt)));
                        attempt += 1;
                        inner.timings.collisions.inc();
                    }
                    other => {
                        inner.timings.write.observe(begun.elapsed().as_secs_f64());
                        return other;
                    }
                }
            }
        })
        .await
    }
}

fn once<T>(
    connection: &mut Connection,
    begin: &str,
    change: &mut impl FnMut(&mut Connection) -> Result<T>,
) -> Result<T> {
    diesel::sql_query(begin).execute(connection)?;
    match change(connection) {
        Ok(value) => {
            if let Err(error) = diesel::sql_query("COMMIT").execute(connection) {
                diesel::sql_query("ROLLBACK").execute(connection).ok();
                return Err(error.into());
            }
            Ok(value)
        }
        Err(error) => {
            diesel::sql_query("ROLLBACK").execute(connection).ok();
            Err(error)
        }
    }
}

async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::time::timeout(LIMIT, tokio::task::spawn_blocking(work)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(join)) => Err(Error::internal(anyhow::anyhow!("database task failed: {join}"))),
        Err(late) => Err(Error::database_away(late)),
    }
}

/// A new id: UUIDv7, so that ids sort by time.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Milliseconds since the epoch, UTC.
pub fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
