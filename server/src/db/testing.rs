//! Databases of a test's own, one of each kind, and what most tests need in them.

use super::connection::Backend;
use super::{Connection, Db, schema};
use crate::error::Result;
use diesel::prelude::*;

/// A database that lives as long as the test.
pub struct TestDb {
    pub db: Db,
    /// As the setting `database_url`.
    pub url: String,
    _folder: tempfile::TempDir,
}

/// A fresh SQLite file and a fresh database on the PostgreSQL of `ATELIER_TEST_POSTGRES_URL`.
pub fn both() -> [TestDb; 2] {
    [sqlite(), postgres()]
}

fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.sqlite").display());
    TestDb { db: Db::open(&url).unwrap(), url, _folder: folder }
}

fn postgres() -> TestDb {
    let server = std::env::var("ATELIER_TEST_POSTGRES_URL")
        .expect("ATELIER_TEST_POSTGRES_URL names no PostgreSQL; run the tests by `cargo xtask test`");
    let name = format!("unit_{}", super::new_id().replace('-', ""));
    let mut administrator = Backend::from_url(&server).unwrap().connect().unwrap();
    diesel::sql_query(format!("CREATE DATABASE {name}")).execute(&mut administrator).unwrap();
    let (address, options) = server.split_at(server.find('?').unwrap_or(server.len()));
    let (address, _) = address.rsplit_once('/').unwrap();
    let url = format!("{address}/{name}{options}");
    TestDb { db: Db::open(&url).unwrap(), url, _folder: tempfile::tempdir().unwrap() }
}

/// Uma (`u`), her organization (`o`) with a size (`t`), and a project (`p`).
pub fn surroundings(connection: &mut Connection) -> Result<()> {
    use schema::{organizations as o, projects as p, tiers as t, users as u};
    diesel::insert_into(u::table)
        .values((
            (u::id.eq("u"), u::email.eq("U@x.org"), u::email_key.eq("u@x.org"), u::name.eq("Uma")),
            (u::password_hash.eq(""), u::language.eq("en"), u::theme.eq("system")),
            (u::operator.eq(false), u::created_at.eq(0)),
        ))
        .execute(connection)?;
    diesel::insert_into(o::table)
        .values((o::id.eq("o"), o::slug.eq("o"), o::name.eq("O"), o::currency.eq("USD"), o::created_at.eq(0)))
        .execute(connection)?;
    diesel::insert_into(p::table)
        .values((
            (p::id.eq("p"), p::organization_id.eq("o"), p::slug.eq("p"), p::name.eq("P")),
            (p::description.eq(""), p::sample.eq(false), p::created_by.eq("u"), p::created_at.eq(0)),
        ))
        .execute(connection)?;
    diesel::insert_into(t::table)
        .values((
            (t::id.eq("t"), t::organization_id.eq("o"), t::name.eq("Small")),
            (t::cpu_milli.eq(1000), t::memory_bytes.eq(1 << 30), t::created_at.eq(0)),
        ))
        .execute(connection)?;
    Ok(())
}
