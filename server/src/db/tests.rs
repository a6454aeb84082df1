use super::testing::both;
use super::{Connection, Db, schema::organizations};
use crate::error::Error;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use std::collections::BTreeSet;

#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    type_name: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

fn columns(connection: &mut Connection) -> BTreeSet<Column> {
    let query = match connection {
        Connection::Sqlite(_) => {
            "SELECT m.name AS table_name, c.name AS column_name, lower(c.type) AS type_name, \
             (c.\"notnull\" = 1 OR c.pk > 0) AS required \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view')"
        }
        Connection::Postgres(_) => {
            "SELECT table_name::text, column_name::text, data_type::text AS type_name, \
             is_nullable = 'NO' AS required FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let found: Vec<Column> = diesel::sql_query(query).load(connection).unwrap();
    found
        .into_iter()
        .filter(|c| !c.table_name.starts_with("__") && c.table_name != "sqlite_sequence")
        .collect()
}

async fn columns_of(db: &Db) -> BTreeSet<Column> {
    db.read(|connection| Ok(columns(connection))).await.unwrap()
}

#[actix_web::test]
async fn both_databases_end_with_the_same_schema() {
    let [sqlite, postgres] = both();
    let (sqlite, postgres) = (columns_of(&sqlite.db).await, columns_of(&postgres.db).await);
    assert!(sqlite.len() > 100);
    assert_eq!(sqlite, postgres);
}

#[actix_web::test]
async fn text_sorts_by_bytes() {
    for test in both() {
        let sorted = test
            .db
            .write(|connection| {
                for (id, name) in [("1", "b"), ("2", "é"), ("3", "B"), ("4", "_")] {
                    insert(connection, id, name)?;
                }
                Ok(organizations::table
                    .order(organizations::name)
                    .select(organizations::name)
                    .load::<String>(connection)?)
            })
            .await
            .unwrap();
        assert_eq!(sorted, ["B", "_", "b", "é"]);
    }
}

#[actix_web::test]
async fn a_failed_write_leaves_nothing() {
    for test in both() {
        let failed: Result<(), Error> = test
            .db
            .write(|connection| {
                insert(connection, "1", "one")?;
                Err(Error::not_found())
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(count(&test.db).await, 0);
    }
}

#[actix_web::test]
async fn a_panic_in_a_write_leaves_nothing_and_the_door_open() {
    for test in both() {
        let failed: Result<(), Error> = test
            .db
            .write(|connection| {
                insert(connection, "1", "one")?;
                panic!("as a bug would")
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(count(&test.db).await, 0);
        test.db.write(|connection| insert(connection, "2", "two")).await.unwrap();
        assert_eq!(count(&test.db).await, 1);
    }
}

/// Each admits a row only if there is none yet: of many at once, one gets in.
#[actix_web::test]
async fn admissions_do_not_race() {
    for test in both() {
        let tries = (0..20).map(|n| {
            let db = test.db.clone();
            async move {
                db.admit(move |connection| {
                    let taken: i64 = organizations::table.count().get_result(connection)?;
                    if taken > 0 {
                        return Ok(false);
                    }
                    insert(connection, &n.to_string(), &n.to_string())?;
                    Ok(true)
                })
                .await
                .unwrap()
            }
        });
        let admitted = futures::future::join_all(tries).await;
        assert_eq!(admitted.into_iter().filter(|admitted| *admitted).count(), 1);
    }
}

fn insert(connection: &mut Connection, id: &str, name: &str) -> Result<(), Error> {
    diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(id),
            organizations::slug.eq(id),
            organizations::name.eq(name),
            organizations::currency.eq("USD"),
            organizations::created_at.eq(0),
        ))
        .execute(connection)?;
    Ok(())
}

async fn count(db: &Db) -> i64 {
    db.read(|connection| Ok(organizations::table.count().get_result(connection)?)).await.unwrap()
}

mod upgrade {
    use super::super::connection::Backend;
    use super::super::migrate::{self, STEPS, Step};
    use super::super::testing::{TestDb, both};
    use super::columns;
    use crate::db::Db;

    const GOOD: Step = Step { name: "9998_good", sql: "CREATE TABLE fresh (id TEXT PRIMARY KEY);" };
    const BAD: Step = Step {
        name: "9999_bad",
        sql: "CREATE TABLE half (id TEXT PRIMARY KEY); CREATE TABLE users (id TEXT);",
    };
    const FAILING: &[Step] = &[STEPS[0], GOOD, BAD];
    const WORKING: &[Step] = &[STEPS[0], GOOD];

    fn migrate(test: &TestDb, steps: &'static [Step]) -> anyhow::Result<()> {
        let backend = Backend::from_url(&test.url)?;
        migrate::run(&backend, &mut backend.connect()?, steps)
    }

    #[actix_web::test]
    async fn f13_a_failed_migration_leaves_the_old_schema() {
        for test in both() {
            let before = super::columns_of(&test.db).await;
            let error = format!("{:#}", migrate(&test, FAILING).unwrap_err());
            assert!(error.contains("left as it was") && error.contains("9999_bad"), "{error}");
            assert_eq!(super::columns_of(&test.db).await, before);
            // The version before still starts, and a mended one goes on.
            Db::open(&test.url).unwrap();
            migrate(&test, WORKING).unwrap();
            assert_eq!(super::columns_of(&test.db).await.len(), before.len() + 1);
        }
    }

    #[actix_web::test]
    async fn f13_an_sqlite_file_is_copied_before_its_schema_changes() {
        let [test, _] = both();
        test.db.write(|connection| super::insert(connection, "1", "one")).await.unwrap();
        let before = super::columns_of(&test.db).await;
        migrate(&test, WORKING).unwrap();
        let copy = format!("{}.before-9998_good", test.url);
        let backend = Backend::from_url(&copy).unwrap();
        let mut connection = backend.connect().unwrap();
        assert_eq!(columns(&mut connection), before);
        assert_eq!(super::count(&Db::open(&copy).unwrap()).await, 1);
    }

    #[actix_web::test]
    async fn f13_an_older_version_refuses_a_newer_schema() {
        for test in both() {
            migrate(&test, WORKING).unwrap();
            let error = Db::open(&test.url).err().unwrap().to_string();
            assert!(error.contains("newer Atelier") && error.contains("9998_good"), "{error}");
        }
    }

    #[actix_web::test]
    async fn f13_servers_that_start_at_once_migrate_once() {
        for test in both() {
            let starts: Vec<_> = (0..6)
                .map(|_| {
                    let url = test.url.clone();
                    std::thread::spawn(move || {
                        let backend = Backend::from_url(&url).unwrap();
                        migrate::run(&backend, &mut backend.connect().unwrap(), WORKING)
                    })
                })
                .collect();
            for start in starts {
                start.join().unwrap().unwrap();
            }
        }
    }
}

#[actix_web::test]
async fn f10_a_damaged_database_is_named_at_the_start() {
    use std::os::unix::fs::FileExt;
    let [test, _] = both();
    test.db.write(|connection| insert(connection, "1", "one")).await.unwrap();
    let path = test.url.trim_start_matches("sqlite:").to_owned();
    let flush = "PRAGMA wal_checkpoint(TRUNCATE)";
    test.db.read(move |connection| Ok(diesel::sql_query(flush).execute(connection)?)).await.unwrap();
    // A page in the middle, then the file's own head.
    let size = std::fs::metadata(&path).unwrap().len();
    for at in [size / 2, 0] {
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.write_all_at(&[0xa5; 4096], at - at % 4096).unwrap();
        let error = format!("{:#}", Db::open(&test.url).err().expect("it was opened"));
        assert!(error.contains(&path) && error.contains("is damaged"), "{error}");
        assert!(error.contains("atelier restore"), "{error}");
    }
}
