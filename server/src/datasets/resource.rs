//! What the guard needs to know of datasets.

use super::sharing;
use crate::access::{Access, Borrowed, Caller, Permission, Resource};
use crate::data::Holds;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::projects::{Kind, Part, Project};
use atelier_api::dataset::ShareAccess;
use atelier_api::role::{Action, Object};
use atelier_policies::RoleName;
use diesel::prelude::*;

/// A dataset with the project, and so the organization, that it is in.
pub type Dataset = Part<DatasetKind>;

pub struct DatasetKind;

/// The row itself.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::datasets)]
pub struct Columns {
    pub id: String,
    pub project_id: String,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub created_by: String,
    pub created_at: i64,
    pub trashed_at: Option<i64>,
}

/// A dataset as it is reached: in its own project, or in one that it is shared with.
#[derive(Clone, Debug)]
pub struct DatasetRow {
    pub id: String,
    /// The project that it belongs to.
    pub project_id: String,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub created_by: String,
    pub created_at: i64,
    pub trashed_at: Option<i64>,
    /// How it is shared, if it is another project's.
    pub lent: Option<Lent>,
}

/// How another project's dataset is shared.
#[derive(Clone, Debug)]
pub struct Lent {
    /// Word and name of the project that it belongs to.
    pub slug: String,
    pub name: String,
    pub access: ShareAccess,
    /// Whether the caller is from outside the organization.
    pub outside: bool,
    pub borrowed: Borrowed,
}

impl From<Columns> for DatasetRow {
    fn from(row: Columns) -> DatasetRow {
        let Columns { id, project_id, slug, name, description, created_by, created_at, trashed_at } = row;
        DatasetRow { id, project_id, slug, name, description, created_by, created_at, trashed_at, lent: None }
    }
}

impl DatasetRow {
    pub(super) fn lent(row: Columns, lent: Lent) -> DatasetRow {
        DatasetRow { lent: Some(lent), ..row.into() }
    }

    /// The word by which it is reached. No project's and no dataset's word has a dot.
    pub(super) fn address(&self) -> String {
        match &self.lent {
            Some(lent) => format!("{}.{}", lent.slug, self.slug),
            None => self.slug.clone(),
        }
    }

    /// As the guard decides of each alone: whether somebody who came to the project, or to it, may do this to it.
    pub(super) fn may<R: Resource, P: Permission>(&self, access: &Access<R, P>, action: Action) -> bool {
        let owns = self.lent.is_none() && self.created_by == access.caller().user.id;
        let lets = |lent: &Lent| lent.borrowed.lets(access.policy(), Object::Dataset, action);
        access.may(Object::Dataset, action, owns) && self.lent.as_ref().is_none_or(lets)
    }
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
            .select(Columns::as_select())
            .first(connection)
            .optional()?
            .map(DatasetRow::from))
    }

    fn find_lent(
        connection: &mut Connection,
        caller: &Caller,
        here: (&Project, &[RoleName]),
        name: &str,
    ) -> Result<Option<DatasetRow>> {
        sharing::find(connection, caller, here, name)
    }

    fn lender(row: &DatasetRow) -> Option<&str> {
        row.lent.is_some().then_some(row.project_id.as_str())
    }

    fn borrowed(row: &DatasetRow) -> Option<&Borrowed> {
        row.lent.as_ref().map(|lent| &lent.borrowed)
    }

    fn owner(row: &DatasetRow) -> Option<&str> {
        // Who made it is nobody in particular elsewhere.
        row.lent.is_none().then_some(row.created_by.as_str())
    }

    /// In the trash it is there only for those who might have put it there: they can take it out.
    fn shown_by(row: &DatasetRow) -> Action {
        if row.trashed_at.is_some() { Action::Delete } else { Action::Read }
    }
}

impl Dataset {
    /// The project that it belongs to, wherever it is reached.
    pub(super) fn home_id(&self) -> &str {
        &self.row.project_id
    }
}

impl Holds for Dataset {
    fn home_project_id(&self) -> Option<&str> {
        Some(self.home_id())
    }

    fn holder_id(&self) -> &str {
        &self.row.id
    }
}
