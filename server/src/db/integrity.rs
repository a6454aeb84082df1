//! Whether a database is whole.

use super::Connection;
use super::connection::Backend;
use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// How thoroughly to look.
#[derive(Clone, Copy, Debug)]
pub enum Depth {
    /// The pages; for a start.
    Quick,
    /// Pages, indexes and constraints.
    Full,
}

impl Backend {
    /// Connects, and reads an SQLite file from end to end. PostgreSQL looks after its own pages.
    ///
    /// # Errors
    /// If it cannot be reached. Says what is damaged, and what to do.
    pub(super) fn connect_whole(&self, depth: Depth) -> anyhow::Result<Connection> {
        let connected = self.connect();
        let Backend::Sqlite(path) = self else { return Ok(connected?) };
        let mut connection = match connected {
            Err(error) if is_damage(&error.to_string()) => return Err(damaged(path, &error)),
            connected => connected?,
        };
        check(path, &mut connection, depth)?;
        Ok(connection)
    }
}

fn check(path: &str, connection: &mut Connection, depth: Depth) -> anyhow::Result<()> {
    let query = match depth {
        Depth::Quick => "SELECT quick_check AS line FROM pragma_quick_check LIMIT 3",
        Depth::Full => "SELECT integrity_check AS line FROM pragma_integrity_check LIMIT 3",
    };
    let found: Vec<Line> = match diesel::sql_query(query).load(connection) {
        Err(error) if is_damage(&error.to_string()) => return Err(damaged(path, &error)),
        found => found?,
    };
    let found: Vec<String> = found.into_iter().map(|found| found.line).collect();
    if found == ["ok"] { Ok(()) } else { Err(damaged(path, &found.join("; "))) }
}

/// SQLite's words.
fn is_damage(error: &str) -> bool {
    ["malformed", "not a database"].iter().any(|words| error.contains(words))
}

fn damaged(path: &str, what: &dyn std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!(
        "the database {path} is damaged: {what}. Put the file and its -wal aside, and restore the newest \
         backup in its place by `atelier restore FILE`."
    )
}

/// # Errors
/// Names the tables with rows that refer to rows which are not there.
pub fn references(connection: &mut Connection) -> anyhow::Result<()> {
    let Connection::Sqlite(sqlite) = connection else { return Ok(()) };
    let query = "SELECT DISTINCT \"table\" || ' → ' || parent AS line FROM pragma_foreign_key_check";
    let broken: Vec<Line> = diesel::sql_query(query).load(sqlite)?;
    let broken: Vec<String> = broken.into_iter().map(|broken| broken.line).collect();
    anyhow::ensure!(broken.is_empty(), "rows refer to rows that are not there: {}", broken.join(", "));
    Ok(())
}
