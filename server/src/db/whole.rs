//! The whole database at once, for backup and restore: connections beside the pools, for as long as it takes.

use super::connection::Backend;
use super::migrate::{self, STEPS};
use super::{Connection, integrity};
use anyhow::Context;
use diesel::RunQueryDsl;
use std::path::Path;

/// Looks at the database as it is at one moment. Others go on writing meanwhile.
///
/// # Errors
/// If there is no database, or `look` fails.
pub fn snapshot<T>(url: &str, look: impl FnOnce(&mut Connection) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let backend = Backend::from_url(url)?;
    if let Backend::Sqlite(path) = &backend {
        anyhow::ensure!(Path::new(path).exists(), "there is no database at {path}");
    }
    let mut connection = connect_for_long(&backend)?;
    let begin = match backend {
        // The snapshot is that of the first read.
        Backend::Sqlite(_) => "BEGIN DEFERRED",
        Backend::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    diesel::sql_query(begin).execute(&mut connection)?;
    let seen = look(&mut connection);
    diesel::sql_query("ROLLBACK").execute(&mut connection)?;
    seen
}

/// Gives the database the schema of `steps`, fills it in one transaction, and brings it up to date.
///
/// # Errors
/// If this version does not know the steps, or `change` fails; no row is there then.
pub fn fill<T>(
    url: &str,
    steps: &[String],
    change: impl FnOnce(&mut Connection) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    refuse_unknown(steps)?;
    let backend = Backend::from_url(url)?;
    backend.make_folder()?;
    let mut connection = connect_for_long(&backend)?;
    migrate::run(&backend, &mut connection, &STEPS[..steps.len()])?;
    diesel::sql_query(backend.begin(true)).execute(&mut connection)?;
    if let Connection::Sqlite(sqlite) = &mut connection {
        // A row may come before the one of its own table that it refers to.
        diesel::sql_query("PRAGMA defer_foreign_keys = ON").execute(sqlite)?;
    }
    let outcome = change(&mut connection).and_then(|value| {
        integrity::references(&mut connection)?;
        Ok(value)
    });
    let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = diesel::sql_query(end).execute(&mut connection);
    let value = outcome?;
    ended?;
    backend.connect_whole(integrity::Depth::Full)?;
    migrate::run(&backend, &mut connection, STEPS)?;
    Ok(value)
}

/// Looks at a database, which may have no table yet, before it is filled with the schema of `steps`.
///
/// # Errors
/// If this version does not know the steps, the database cannot be reached, or `look` fails.
pub fn look<T>(
    url: &str,
    steps: &[String],
    look: impl FnOnce(&mut Connection) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    refuse_unknown(steps)?;
    let backend = Backend::from_url(url)?;
    backend.make_folder()?;
    look(&mut connect_for_long(&backend)?)
}

fn refuse_unknown(steps: &[String]) -> anyhow::Result<()> {
    let known = STEPS.iter().map(|step| step.name).take(steps.len());
    anyhow::ensure!(
        steps.iter().map(String::as_str).eq(known),
        "its schema ({}) is not one that this version ({}) knows; use the version that it is from, or a newer",
        steps.last().map_or("none", String::as_str),
        env!("CARGO_PKG_VERSION")
    );
    Ok(())
}

fn connect_for_long(backend: &Backend) -> anyhow::Result<Connection> {
    let mut connection = backend.connect().context("the database cannot be reached")?;
    if let Connection::Postgres(postgres) = &mut connection {
        diesel::sql_query("SET statement_timeout = 0").execute(postgres)?;
    }
    Ok(connection)
}
