//! A database of the test's own, beside the server's connections to it.

use anyhow::Context;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{PgConnection, SqliteConnection, sql_query};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which of the two that Atelier runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Address of a PostgreSQL server on which databases may be made; `cargo xtask test` starts one.
const SERVER: &str = "ATELIER_TEST_POSTGRES_URL";

/// Removed when dropped.
#[derive(Debug)]
pub struct TestDatabase {
    kind: Database,
    /// As the server's setting `database_url`.
    pub url: String,
    /// On the PostgreSQL server.
    name: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

enum Open {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A write transaction that another process holds.
pub struct Lock(SqliteConnection);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Err(error) = sql_query("ROLLBACK").execute(&mut self.0) {
            eprintln!("the lock stays until the end of the test: {error}");
        }
    }
}

impl TestDatabase {
    /// # Errors
    /// If the PostgreSQL server is not named or does not answer.
    pub fn create(kind: Database, folder: &Path) -> anyhow::Result<TestDatabase> {
        match kind {
            Database::Sqlite => {
                let url = format!("sqlite:{}", folder.join("atelier.sqlite").display());
                Ok(TestDatabase { kind, url, name: String::new() })
            }
            Database::Postgres => {
                static COUNT: AtomicU32 = AtomicU32::new(0);
                let number = COUNT.fetch_add(1, Ordering::Relaxed);
                let name = format!("atelier_test_{}_{number}", std::process::id());
                on_server(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
                on_server(&format!("CREATE DATABASE {name}"))?;
                Ok(TestDatabase { kind, url: format!("{}/{name}", server()?), name })
            }
        }
    }

    /// An SQLite file that something else has made.
    pub fn file(path: &Path) -> TestDatabase {
        let url = format!("sqlite:{}", path.display());
        TestDatabase { kind: Database::Sqlite, url, name: String::new() }
    }

    /// A PostgreSQL database that the test has made elsewhere.
    pub fn at(url: &str) -> TestDatabase {
        TestDatabase { kind: Database::Postgres, url: url.to_owned(), name: String::new() }
    }

    /// Keeps everybody else from writing until it is dropped; for SQLite.
    ///
    /// # Errors
    /// If somebody else writes for long.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        match self.open()? {
            Open::Sqlite(mut connection) => {
                sql_query("BEGIN IMMEDIATE").execute(&mut connection)?;
                Ok(Lock(connection))
            }
            Open::Postgres(_) => anyhow::bail!("only SQLite is locked as a whole"),
        }
    }

    fn open(&self) -> anyhow::Result<Open> {
        Ok(match self.kind {
            Database::Sqlite => {
                let path = self.url.trim_start_matches("sqlite:");
                let mut connection = SqliteConnection::establish(path)?;
                sql_query("PRAGMA busy_timeout = 10000").execute(&mut connection)?;
                Open::Sqlite(connection)
            }
            Database::Postgres => Open::Postgres(PgConnection::establish(&self.url)?),
        })
    }

    /// Changes rows behind the server's back; tells how many.
    ///
    /// # Errors
    /// If the statement is wrong.
    pub fn execute(&self, statement: &str) -> anyhow::Result<usize> {
        Ok(match self.open()? {
            Open::Sqlite(mut connection) => sql_query(statement).execute(&mut connection)?,
            Open::Postgres(mut connection) => sql_query(statement).execute(&mut connection)?,
        })
    }

    /// Reads the text column `line`.
    ///
    /// # Errors
    /// If the query is wrong.
    pub fn lines(&self, query: &str) -> anyhow::Result<Vec<String>> {
        self.open()?.lines(query)
    }

    /// The names of its tables.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn tables(&self) -> anyhow::Result<Vec<String>> {
        self.lines(match self.kind {
            Database::Sqlite => "SELECT name AS line FROM sqlite_master WHERE type = 'table' ORDER BY 1",
            Database::Postgres => {
                "SELECT table_name::text AS line FROM information_schema.tables \
                 WHERE table_schema = 'public' ORDER BY 1"
            }
        })
    }

    /// Every row of every table in a stable order, without what is written behind a
    /// reader's back: when browsers were last seen and tokens used, and the beats of servers.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn dump(&self) -> anyhow::Result<String> {
        let mut open = self.open()?;
        let tables = self.tables()?;
        anyhow::ensure!(tables.len() > 10, "the server has not made its tables yet: {tables:?}");
        let mut dump = String::new();
        for table in tables.iter().filter(|table| *table != "leases") {
            let rows = match self.kind {
                Database::Sqlite => {
                    let columns = open.lines(&format!(
                        "SELECT name AS line FROM pragma_table_info('{table}') \
                         WHERE name NOT IN ('last_seen_at', 'last_used_at')"
                    ))?;
                    let columns = columns.join(", ");
                    open.lines(&format!("SELECT json_array({columns}) AS line FROM {table} ORDER BY 1"))?
                }
                Database::Postgres => open.lines(&format!(
                    "SELECT (to_jsonb(row) - 'last_seen_at' - 'last_used_at')::text AS line FROM {table} row \
                     ORDER BY 1"
                ))?,
            };
            dump.push_str(&format!("{table}\n  {}\n", rows.join("\n  ")));
        }
        Ok(dump)
    }

    /// What is another since `before`, a [`dump`](Self::dump): lines that are gone with `-`, new ones with `+`.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn changes_since(&self, before: &str) -> anyhow::Result<Vec<String>> {
        let after = self.dump()?;
        let lines = |dump: &str| dump.lines().map(str::to_owned).collect::<BTreeSet<_>>();
        let (before, after) = (lines(before), lines(&after));
        let gone = before.difference(&after).map(|line| format!("-{line}"));
        let new = after.difference(&before).map(|line| format!("+{line}"));
        Ok(gone.chain(new).collect())
    }
}

impl Open {
    fn lines(&mut self, query: &str) -> anyhow::Result<Vec<String>> {
        let rows: Vec<Line> = match self {
            Open::Sqlite(connection) => sql_query(query).load(connection)?,
            Open::Postgres(connection) => sql_query(query).load(connection)?,
        };
        Ok(rows.into_iter().map(|row| row.line).collect())
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if !self.name.is_empty()
            && let Err(error) = on_server(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
        {
            eprintln!("{} is left over: {error:#}", self.name);
        }
    }
}

fn server() -> anyhow::Result<String> {
    let url = std::env::var(SERVER)
        .with_context(|| format!("set {SERVER} to a PostgreSQL server, or run `cargo xtask test`"))?;
    let (scheme, rest) = url.split_once("://").with_context(|| format!("{SERVER} is no address: {url}"))?;
    Ok(format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()))
}

fn on_server(statement: &str) -> anyhow::Result<()> {
    let mut connection = PgConnection::establish(&format!("{}/postgres", server()?))?;
    sql_query(statement).execute(&mut connection)?;
    Ok(())
}
