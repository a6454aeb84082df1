//! Brings a database's schema up to date with the numbered list in `migrations/`: all that is missing, or
//! nothing.

use super::Connection;
use super::connection::Backend;
use super::safety_copy;
use anyhow::Context;
use diesel::connection::{BoxableConnection, SimpleConnection};
use diesel::migration::{Migration, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness;
use std::fmt;

#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
}

/// In order. A step is never changed once it has been released.
pub(super) const STEPS: &[Step] =
    &[Step { name: "0001_foundation", sql: include_str!("../../../migrations/0001_foundation.sql") }];

/// SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode.
const SQLITE_MINIMUM: i32 = 3_051_003;

/// Servers that start at once on one PostgreSQL wait for each other's migration by this number.
const POSTGRES_LOCK: i64 = 0x61_7465_6c69_6572;

/// Applies the steps that are missing, in one transaction. An SQLite file is copied first.
///
/// # Errors
/// If the database is of a newer version, or a step fails; the schema is then as it was.
pub(super) fn run(
    backend: &Backend,
    connection: &mut Connection,
    steps: &'static [Step],
) -> anyhow::Result<()> {
    let version = sqlite_version();
    anyhow::ensure!(version >= SQLITE_MINIMUM, "SQLite {version} is too old: it may lose data");
    let applied = applied(connection)?;
    refuse_newer(&applied, steps)?;
    if first_missing(&applied, steps).is_none() {
        return Ok(());
    }
    let names = in_one_transaction(backend, connection, steps)
        .context("the database's schema could not be upgraded and is left as it was")?;
    if !names.is_empty() {
        tracing::info!(steps = names.join(", "), "database schema brought up to date");
    }
    Ok(())
}

/// The steps that a database has been through, in order. Changes nothing.
///
/// # Errors
/// If it does not answer.
pub fn applied(connection: &mut Connection) -> QueryResult<Vec<String>> {
    let is_there = match connection {
        Connection::Sqlite(_) => {
            "SELECT name AS word FROM sqlite_master WHERE name = '__diesel_schema_migrations'"
        }
        Connection::Postgres(_) => {
            "SELECT table_name::text AS word FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = '__diesel_schema_migrations'"
        }
    };
    if words(connection, is_there)?.is_empty() {
        return Ok(Vec::new());
    }
    words(connection, "SELECT version AS word FROM __diesel_schema_migrations ORDER BY version")
}

fn words(connection: &mut Connection, query: &str) -> QueryResult<Vec<String>> {
    let rows: Vec<Word> = diesel::sql_query(query).load(connection)?;
    Ok(rows.into_iter().map(|row| row.word).collect())
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// An older program would misread rows that a newer one has written.
pub(super) fn refuse_newer(applied: &[String], steps: &[Step]) -> anyhow::Result<()> {
    let unknown = applied.iter().find(|name| steps.iter().all(|step| step.name != **name));
    anyhow::ensure!(
        unknown.is_none(),
        "the database is of a newer Atelier: its schema has been through {}, which this version ({}) does \
         not know. Start the newer version, or restore the backup made before the upgrade.",
        unknown.map_or("", String::as_str),
        env!("CARGO_PKG_VERSION")
    );
    Ok(())
}

fn in_one_transaction(
    backend: &Backend,
    connection: &mut Connection,
    steps: &'static [Step],
) -> anyhow::Result<Vec<String>> {
    // A step may make a table anew under its old name; references are checked when all is done.
    set_references(connection, false)?;
    diesel::sql_query(backend.begin(false)).execute(connection)?;
    let outcome = copy_first(backend, connection, steps).and_then(|()| apply(connection, steps));
    let outcome = outcome.and_then(|names| {
        super::integrity::references(connection)?;
        Ok(names)
    });
    let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = diesel::sql_query(end).execute(connection);
    set_references(connection, true)?;
    let names = outcome?;
    ended?;
    Ok(names)
}

fn first_missing(applied: &[String], steps: &'static [Step]) -> Option<&'static Step> {
    steps.iter().find(|step| !applied.iter().any(|name| name == step.name))
}

/// Copies an SQLite file that holds something. Called once nobody else can write, so that the copy is that of
/// the schema before, whoever else starts at the same time.
fn copy_first(backend: &Backend, connection: &mut Connection, steps: &'static [Step]) -> anyhow::Result<()> {
    let Backend::Sqlite(path) = backend else { return Ok(()) };
    let applied = applied(connection)?;
    match first_missing(&applied, steps) {
        Some(step) if !applied.is_empty() => safety_copy::make(&mut backend.connect()?, path, step.name),
        _ => Ok(()),
    }
}

fn set_references(connection: &mut Connection, on: bool) -> anyhow::Result<()> {
    if let Connection::Sqlite(sqlite) = connection {
        sqlite.batch_execute(if on { "PRAGMA foreign_keys = ON" } else { "PRAGMA foreign_keys = OFF" })?;
    }
    Ok(())
}

fn apply(connection: &mut Connection, steps: &'static [Step]) -> anyhow::Result<Vec<String>> {
    let names = match connection {
        Connection::Sqlite(sqlite) => apply_to(sqlite, &List { steps, text: "TEXT" }),
        Connection::Postgres(postgres) => {
            diesel::sql_query(format!("SELECT pg_advisory_xact_lock({POSTGRES_LOCK})")).execute(postgres)?;
            // Text sorts by bytes on both databases.
            apply_to(postgres, &List { steps, text: "TEXT COLLATE \"C\"" })
        }
    };
    names.map_err(|error| anyhow::anyhow!(error))
}

fn apply_to<DB: diesel::backend::Backend, C: MigrationHarness<DB>>(
    connection: &mut C,
    list: &List,
) -> diesel::migration::Result<Vec<String>> {
    let mut names = Vec::new();
    for step in connection.pending_migrations(Borrowed(list))? {
        let name = step.name().to_string();
        connection.run_migration(&step).map_err(|error| format!("step {name}: {error}"))?;
        names.push(name);
    }
    Ok(names)
}

#[allow(unsafe_code, reason = "the library's version number is a C call without arguments")]
fn sqlite_version() -> i32 {
    // SAFETY: reads a constant.
    unsafe { libsqlite3_sys::sqlite3_libversion_number() }
}

struct List {
    steps: &'static [Step],
    /// How this database spells the type of text columns.
    text: &'static str,
}

struct Borrowed<'a>(&'a List);

impl<DB: diesel::backend::Backend> MigrationSource<DB> for Borrowed<'_> {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let ready = self.0.steps.iter().map(|step| {
            let sql = step.sql.replace(" TEXT", &format!(" {}", self.0.text));
            Box::new(Ready { name: Name(step.name), sql }) as Box<dyn Migration<DB>>
        });
        Ok(ready.collect())
    }
}

struct Ready {
    name: Name,
    sql: String,
}

#[derive(Clone, Copy)]
struct Name(&'static str);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl MigrationName for Name {
    fn version(&self) -> MigrationVersion<'_> {
        self.0.into()
    }
}

/// The whole list is in one already.
struct NoTransactionOfItsOwn;

impl MigrationMetadata for NoTransactionOfItsOwn {
    fn run_in_transaction(&self) -> bool {
        false
    }
}

impl<DB: diesel::backend::Backend> Migration<DB> for Ready {
    fn run(&self, connection: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Ok(connection.batch_execute(&self.sql)?)
    }

    fn revert(&self, _: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Err("a release is not taken back: restore the backup made before the upgrade".into())
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &NoTransactionOfItsOwn
    }

    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}
