//! Connections to either database and their pool.

use diesel::r2d2::R2D2Connection;
use diesel::{Connection as _, ConnectionError, PgConnection, RunQueryDsl, SqliteConnection};
use std::path::Path;

/// A connection to the database that the installation was given.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

pub(super) type Pool = diesel::r2d2::Pool<Manager>;

/// Where the database is.
#[derive(Clone, Debug)]
pub(super) enum Backend {
    /// Path of the file.
    Sqlite(String),
    Postgres(String),
}

// Patience first: the other settings may have to wait for who recovers the file after a kill.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 3000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

/// Seconds for PostgreSQL to let a connection in.
const CONNECT_TIMEOUT: &str = "connect_timeout=3";

impl Backend {
    pub(super) fn from_url(url: &str) -> anyhow::Result<Backend> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Ok(Backend::Sqlite(path.trim_start_matches("//").to_owned()))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Backend::Postgres(url.to_owned()))
        } else {
            anyhow::bail!("database_url must begin with sqlite: or postgres:// (ATELIER_DATABASE_URL)")
        }
    }

    pub(super) fn connect(&self) -> Result<AnyConnection, ConnectionError> {
        match self {
            Backend::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)?;
                diesel::connection::SimpleConnection::batch_execute(&mut connection, SQLITE_SETTINGS)
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(AnyConnection::Sqlite(connection))
            }
            Backend::Postgres(url) => {
                let mut connection = PgConnection::establish(&with_timeout(url))?;
                diesel::sql_query("SET statement_timeout = '10s'")
                    .execute(&mut connection)
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(AnyConnection::Postgres(connection))
            }
        }
    }

    /// The folder of an SQLite file, if it is not there yet.
    pub(super) fn make_folder(&self) -> std::io::Result<()> {
        match self {
            Backend::Sqlite(path) => Path::new(path).parent().map_or(Ok(()), std::fs::create_dir_all),
            Backend::Postgres(_) => Ok(()),
        }
    }

    pub(super) fn begin(&self, serializable: bool) -> &'static str {
        match (self, serializable) {
            (Backend::Sqlite(_), _) => "BEGIN IMMEDIATE",
            (Backend::Postgres(_), false) => "BEGIN ISOLATION LEVEL READ COMMITTED",
            (Backend::Postgres(_), true) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        }
    }
}

/// A connection of one's own to PostgreSQL, to hear what others notify.
///
/// # Errors
/// If PostgreSQL does not let it in.
pub fn listener(url: &str) -> Result<PgConnection, ConnectionError> {
    PgConnection::establish(&with_timeout(url))
}

/// The address with our limit, unless it has its own.
fn with_timeout(url: &str) -> String {
    match url.contains('?') {
        _ if url.contains("connect_timeout=") => url.to_owned(),
        true => format!("{url}&{CONNECT_TIMEOUT}"),
        false => format!("{url}?{CONNECT_TIMEOUT}"),
    }
}

pub(super) struct Manager(pub(super) Backend);

impl diesel::r2d2::ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, Self::Error> {
        self.0.connect().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), Self::Error> {
        connection.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    /// A panic may have left a transaction open: such a connection is not used again.
    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}
