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
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
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
