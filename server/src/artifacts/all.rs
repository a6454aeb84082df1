//! All that a project has of every type.

use super::row::Row;
use super::table::Table;
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::role::Object;
use std::collections::HashMap;

/// Whether each of this type has versions, a name and a word of its own.
pub fn is_one(object: &str) -> bool {
    object == Object::Dataset.as_str() || object == Object::Model.as_str()
}

/// By id, with those in the trash. What of it is whose to see is for the caller to know.
pub fn all(connection: &mut Connection, project_id: &str) -> Result<HashMap<String, Row>> {
    let mut rows = Vec::new();
    for trashed in [false, true] {
        rows.extend(<schema::datasets::table as Table>::list(connection, project_id, trashed)?);
        rows.extend(<schema::models::table as Table>::list(connection, project_id, trashed)?);
    }
    Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
}
