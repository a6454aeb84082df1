//! Databases of a test's own, one of each kind.

use super::Db;
use super::connection::Backend;
use diesel::RunQueryDsl;

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
