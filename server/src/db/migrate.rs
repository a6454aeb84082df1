//! Brings a database's schema up to date with the numbered list in `migrations/`.

use super::Connection;
use anyhow::Context;
use diesel::backend::Backend;
use diesel::connection::BoxableConnection;
use diesel::migration::{Migration, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion};
use diesel_migrations::MigrationHarness;
use std::fmt;

struct Step {
    name: &'static str,
    sql: &'static str,
}

/// In order. A step is never changed once it has been released.
const STEPS: &[Step] =
    &[Step { name: "0001_foundation", sql: include_str!("../../../migrations/0001_foundation.sql") }];

/// SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode.
const SQLITE_MINIMUM: i32 = 3_051_003;

/// Applies what is missing, each step in a transaction.
pub(super) fn run(connection: &mut Connection) -> anyhow::Result<()> {
    let applied = match connection {
        Connection::Sqlite(sqlite) => {
            let version = sqlite_version();
            anyhow::ensure!(version >= SQLITE_MINIMUM, "SQLite {version} is too old: it may lose data");
            sqlite.run_pending_migrations(List { text: "TEXT" }).map(|done| done.len())
        }
        // Text sorts by bytes on both databases.
        Connection::Postgres(postgres) => {
            postgres.run_pending_migrations(List { text: "TEXT COLLATE \"C\"" }).map(|done| done.len())
        }
    };
    let applied =
        applied.map_err(|e| anyhow::anyhow!(e)).context("the database's schema is left as it was")?;
    if applied > 0 {
        tracing::info!(applied, "database schema brought up to date");
    }
    Ok(())
}

#[allow(unsafe_code, reason = "the library's version number is a C call without arguments")]
fn sqlite_version() -> i32 {
    // SAFETY: reads a constant.
    unsafe { libsqlite3_sys::sqlite3_libversion_number() }
}

struct List {
    /// How this database spells the type of text columns.
    text: &'static str,
}

impl<DB: Backend> MigrationSource<DB> for List {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        Ok(STEPS
            .iter()
            .map(|step| {
                let sql = step.sql.replace(" TEXT", &format!(" {}", self.text));
                Box::new(Ready { name: Name(step.name), sql }) as Box<dyn Migration<DB>>
            })
            .collect())
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

struct InTransaction;

impl MigrationMetadata for InTransaction {}

impl<DB: Backend> Migration<DB> for Ready {
    fn run(&self, connection: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Ok(connection.batch_execute(&self.sql)?)
    }

    fn revert(&self, _: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        Err("a release is not taken back: restore the backup made before the upgrade".into())
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &InTransaction
    }

    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}
