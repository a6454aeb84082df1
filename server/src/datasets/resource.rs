//! What the guard needs to know of datasets.

use crate::data::Holds;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::projects::{Kind, Part, Project};
use atelier_api::role::{Action, Object};
use diesel::prelude::*;

/// A dataset with the project, and so the organization, that it is in.
pub type Dataset = Part<DatasetKind>;

pub struct DatasetKind;

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::datasets)]
pub struct DatasetRow {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub created_by: String,
    pub created_at: i64,
    pub trashed_at: Option<i64>,
}

impl Kind for DatasetKind {
    const OBJECT: Object = Object::Dataset;
    const PARAMETER: &'static str = "dataset";
    type Row = DatasetRow;

    fn find(connection: &mut Connection, project: &Project, slug: &str) -> Result<Option<DatasetRow>> {
        use schema::datasets;
        Ok(datasets::table
            .filter(datasets::project_id.eq(&project.row.id))
            .filter(datasets::slug.eq(slug))
            .filter(datasets::removed_at.is_null())
            .select(DatasetRow::as_select())
            .first(connection)
            .optional()?)
    }

    fn owner(row: &DatasetRow) -> Option<&str> {
        Some(&row.created_by)
    }

    /// In the trash it is there only for those who might have put it there: they can take it out.
    fn shown_by(row: &DatasetRow) -> Action {
        if row.trashed_at.is_some() { Action::Delete } else { Action::Read }
    }
}

impl Holds for Dataset {
    fn holder_id(&self) -> &str {
        &self.row.id
    }
}
