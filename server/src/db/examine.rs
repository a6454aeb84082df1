//! What state a database is in, without changing it.

use super::connection::Backend;
use super::migrate::{self, STEPS};
use super::{Connection, integrity};
use diesel::prelude::*;
use diesel::sql_types::Text;

pub struct State {
    /// Of the program: `SQLite 3.51.3`, `PostgreSQL 15.18`.
    pub version: String,
    /// Of the schema.
    pub steps_missing: usize,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// # Errors
/// If it cannot be reached, is damaged, or of a newer version.
pub fn examine(url: &str) -> anyhow::Result<State> {
    let backend = Backend::from_url(url)?;
    let mut connection = backend.connect_whole(integrity::Depth::Full)?;
    let query = match connection {
        Connection::Sqlite(_) => "SELECT 'SQLite ' || sqlite_version() AS line",
        Connection::Postgres(_) => "SELECT 'PostgreSQL ' || current_setting('server_version') AS line",
    };
    let version = diesel::sql_query(query).get_result::<Line>(&mut connection)?.line;
    let applied = migrate::applied(&mut connection)?;
    migrate::refuse_newer(&applied, STEPS)?;
    Ok(State { version, steps_missing: STEPS.len() - applied.len() })
}
