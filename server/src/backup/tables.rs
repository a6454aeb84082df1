//! What tables a database has. Asked of the database itself, so that no new table can be forgotten.

use crate::db::Connection;
use anyhow::Context;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    /// In the order of the values in a row.
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// The schema's types; both databases have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Text,
    Bigint,
    Boolean,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    target: String,
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS owner, c.name AS name, lower(c.type) AS kind \
     FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid";
const SQLITE_REFERENCES: &str = "SELECT m.name AS owner, f.\"table\" AS target \
     FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text AS owner, column_name::text AS name, \
     data_type::text AS kind FROM information_schema.columns JOIN information_schema.tables \
     USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' \
     ORDER BY table_name, ordinal_position";
const POSTGRES_REFERENCES: &str = "SELECT owner.relname::text AS owner, target.relname::text AS target \
     FROM pg_constraint c JOIN pg_class owner ON owner.oid = c.conrelid \
     JOIN pg_class target ON target.oid = c.confrelid \
     WHERE c.contype = 'f' AND owner.relnamespace = current_schema()::regnamespace";

/// All tables, those that others refer to first. Not the migrations' own.
///
/// # Errors
/// If the database does not answer, or has a column of a type that rows cannot be carried in.
pub fn load(connection: &mut Connection) -> anyhow::Result<Vec<Table>> {
    let (columns, references) = match connection {
        Connection::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_REFERENCES),
        Connection::Postgres(_) => (POSTGRES_COLUMNS, POSTGRES_REFERENCES),
    };
    let mut tables = BTreeMap::<String, Vec<Column>>::new();
    for row in diesel::sql_query(columns).load::<ColumnRow>(connection)? {
        if row.owner.starts_with("__diesel") || row.owner.starts_with("sqlite_") {
            continue;
        }
        let kind = Kind::named(&row.kind).with_context(|| {
            format!("{}.{} is of the type {}, which a backup cannot carry", row.owner, row.name, row.kind)
        })?;
        tables.entry(row.owner).or_default().push(Column { name: row.name, kind });
    }
    let references: Vec<ReferenceRow> = diesel::sql_query(references).load(connection)?;
    let references: BTreeSet<(String, String)> =
        references.into_iter().filter(|r| r.owner != r.target).map(|r| (r.owner, r.target)).collect();
    in_order(tables, &references)
}

fn in_order(
    mut tables: BTreeMap<String, Vec<Column>>,
    references: &BTreeSet<(String, String)>,
) -> anyhow::Result<Vec<Table>> {
    let mut ordered = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |name: &String| references.iter().any(|(o, t)| o == name && tables.contains_key(t));
        let next = tables.keys().find(|name| !waits(name)).cloned();
        let next = next.with_context(|| {
            format!(
                "the tables {} refer to each other in a circle",
                tables.keys().cloned().collect::<Vec<_>>().join(", ")
            )
        })?;
        let columns = tables.remove(&next).unwrap_or_default();
        ordered.push(Table { name: next, columns });
    }
    Ok(ordered)
}

impl Kind {
    fn named(name: &str) -> Option<Kind> {
        match name {
            "text" => Some(Kind::Text),
            "bigint" => Some(Kind::Bigint),
            "boolean" => Some(Kind::Boolean),
            _ => None,
        }
    }
}

impl Table {
    /// Whether both have the same columns, in whatever order.
    pub fn is_like(&self, other: &Table) -> bool {
        let sorted = |table: &Table| table.columns.iter().cloned().collect::<BTreeSet<_>>();
        self.name == other.name && sorted(self) == sorted(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(names: &[&str]) -> BTreeMap<String, Vec<Column>> {
        names.iter().map(|name| ((*name).to_owned(), Vec::new())).collect()
    }

    fn references(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
        pairs.iter().map(|(owner, target)| ((*owner).to_owned(), (*target).to_owned())).collect()
    }

    #[test]
    fn what_others_refer_to_comes_first() {
        let order = in_order(tables(&["a", "b", "c"]), &references(&[("a", "b"), ("b", "c")])).unwrap();
        assert_eq!(order.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
    }

    #[test]
    fn a_circle_is_named() {
        let error = in_order(tables(&["a", "b"]), &references(&[("a", "b"), ("b", "a")])).unwrap_err();
        assert!(error.to_string().contains("a, b"), "{error}");
    }
}
