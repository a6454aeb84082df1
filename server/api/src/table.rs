//! Tables: files of versions that have rows and columns.

use crate::role::words;
use garde::Validate;
use serde::{Deserialize, Serialize};

/// Rows that one request may ask for.
pub const MOST_ROWS: u64 = 1000;
/// Characters of a value that a page of rows has; the rest is cut, with `…` in its place.
pub const MOST_CHARACTERS: usize = 1000;

words! {
    /// What a column's values are like, whatever they are called.
    ColumnKind {
        Number = "number",
        Text = "text",
        Time = "time",
        Truth = "truth",
        /// Lists, structures, bytes.
        Other = "other",
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
    /// As Arrow calls it, as `Int64` or `Timestamp(ms)`.
    pub data_type: String,
}

/// Some rows of a table, or of what a query gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rows {
    pub columns: Vec<Column>,
    /// The values of each row in the columns' order, as text; absent where there is none.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether rows follow.
    pub more: bool,
    /// How many there are in all, where that is known without reading them.
    pub total: Option<u64>,
}

words! {
    /// How a value is compared.
    Test {
        Equals = "equals",
        Differs = "differs",
        Less = "less",
        AtMost = "at-most",
        More = "more",
        AtLeast = "at-least",
        /// Of a text: whatever the case.
        Contains = "contains",
        Missing = "missing",
        Present = "present",
    }
}

/// What a row must meet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub column: String,
    pub test: Test,
    /// As text, in the column's type; nothing for those that need none.
    #[serde(default)]
    pub value: String,
}

/// Which rows of a file to give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct RowsOf {
    /// The file, or a folder of files of one kind.
    pub path: String,
    /// Rows to leave out at the beginning.
    #[serde(default)]
    pub offset: u64,
    /// Rows to give: 100 if absent, 1,000 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The column to sort by; the order of the file if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    #[serde(default)]
    pub descending: bool,
    /// Conditions that all must be met: a JSON array of `Condition`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
}

/// A question in SQL. Tables are named `dataset`, `dataset@version` or `dataset@version/path`; more than letters,
/// digits and `_` wants double quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RunQuery {
    #[garde(length(bytes, min = 1, max = 100_000))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100_000))]
    pub sql: String,
    /// Rows to give: 100 if absent, 1,000 at most.
    #[serde(default)]
    #[garde(range(max = MOST_ROWS))]
    #[cfg_attr(feature = "openapi", schema(maximum = 1000))]
    pub limit: Option<u64>,
}
