//! Rows as lines of JSON, the same on both databases: `["019…","Ada",1764,null,true]`.

use super::tables::{Kind, Table};
use crate::db::Connection;
use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Reads a table row by row.
///
/// # Errors
/// If the database does not answer, or `take` fails.
pub fn read(
    connection: &mut Connection,
    table: &Table,
    mut take: impl FnMut(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match connection {
        Connection::Sqlite(sqlite) => {
            let values = list(table, |_, name, kind| match kind {
                Kind::Text | Kind::Bigint => name.to_owned(),
                // SQLite keeps a boolean as a number.
                Kind::Boolean => {
                    format!("CASE {name} WHEN 0 THEN json('false') WHEN 1 THEN json('true') END")
                }
            });
            let query = format!("SELECT json_array({values}) AS line FROM {}", from(table));
            for row in diesel::sql_query(query).load_iter::<Line, DefaultLoadingMode>(sqlite)? {
                take(&row?.line)?;
            }
        }
        Connection::Postgres(postgres) => {
            let values = list(table, |_, name, _| name.to_owned());
            let query = format!("SELECT json_build_array({values})::text AS line FROM {}", from(table));
            for row in diesel::sql_query(query).load_iter::<Line, PgRowByRowLoadingMode>(postgres)? {
                take(&row?.line)?;
            }
        }
    }
    Ok(())
}

/// Adds rows, given as a JSON array of lines.
///
/// # Errors
/// If they do not fit the table.
pub fn insert(connection: &mut Connection, table: &Table, rows: &str) -> QueryResult<usize> {
    let name = quoted(&table.name);
    let columns = list(table, |_, name, _| name.to_owned());
    let query = match connection {
        Connection::Sqlite(_) => {
            let values = list(table, |at, _, _| format!("json_extract(value, '$[{at}]')"));
            format!("INSERT INTO {name} ({columns}) SELECT {values} FROM json_each(?)")
        }
        Connection::Postgres(_) => {
            let values = list(table, |at, _, kind| match kind {
                Kind::Text => format!("r ->> {at}"),
                Kind::Bigint => format!("(r ->> {at})::bigint"),
                Kind::Boolean => format!("(r ->> {at})::boolean"),
            });
            format!(
                "INSERT INTO {name} ({columns}) SELECT {values} FROM jsonb_array_elements($1::jsonb) AS r"
            )
        }
    };
    diesel::sql_query(query).bind::<Text, _>(rows).execute(connection)
}

/// # Errors
/// If the database does not answer.
pub fn count(connection: &mut Connection, table: &Table) -> QueryResult<i64> {
    let query = format!("SELECT count(*) AS count FROM {}", quoted(&table.name));
    Ok(diesel::sql_query(query).get_result::<Count>(connection)?.count)
}

/// In the order of ids, which is that of their making.
fn from(table: &Table) -> String {
    let first = table.columns.first().map_or_else(|| "1".to_owned(), |column| quoted(&column.name));
    format!("{} ORDER BY {first}", quoted(&table.name))
}

fn list(table: &Table, mut one: impl FnMut(usize, &str, Kind) -> String) -> String {
    let columns = table.columns.iter().enumerate();
    columns.map(|(at, column)| one(at, &quoted(&column.name), column.kind)).collect::<Vec<_>>().join(", ")
}

/// Names come from the database's own list of tables.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
