use atelier_api::table::Condition;
use serde::{Deserialize, Serialize};

/// What is asked of a worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask {
    /// Which tables a text of SQL reads: [`Names`].
    Names { sql: String },
    /// Some rows of one table: [`Rows`](atelier_api::table::Rows).
    Rows { table: Table, part: Part },
    /// The first `limit` rows that a query gives: [`Rows`](atelier_api::table::Rows).
    Query { sql: String, tables: Vec<Table>, limit: u64 },
    /// All that a query gives, as a stream of Arrow IPC.
    Stream { sql: String, tables: Vec<Table> },
}

/// The names of tables, as the text writes them, without quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    pub names: Vec<String>,
}

/// A table, as whoever asks may see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    /// By which SQL names it.
    pub name: String,
    pub format: Format,
    /// Its rows are those of the first, then those of the next.
    pub files: Vec<File>,
}

/// How the files of a table are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Parquet,
    Csv,
    /// A JSON object in each line.
    JsonLines,
}

/// A file, of whose path and version the worker hears nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct File {
    /// Names what is in it: equal keys, equal bytes. No slash.
    pub key: String,
    pub bytes: u64,
}

/// Which rows of a table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Part {
    pub offset: u64,
    pub limit: u64,
    /// The column to sort by.
    pub order: Option<String>,
    pub descending: bool,
    /// All of them must be met.
    pub conditions: Vec<Condition>,
}
