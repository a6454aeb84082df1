//! Which datasets of a project a person may have in a container.

use crate::access::{Policies, Viewer};
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::role::Object;
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schema::datasets)]
pub(super) struct Readable {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
    created_by: String,
}

/// Those that the person may read now and that are not in the trash, as the guard decides of each alone.
pub(super) fn readable(
    connection: &mut Connection,
    policies: &Policies,
    (organization_id, project_id): (&str, &str),
    user_id: &str,
) -> Result<Vec<Readable>> {
    use schema::datasets;
    let viewer = Viewer::load(connection, policies, organization_id, user_id)?;
    let Some(viewer) = viewer else { return Ok(Vec::new()) };
    let mut all: Vec<Readable> = datasets::table
        .filter(datasets::project_id.eq(project_id))
        .filter(datasets::trashed_at.is_null())
        .filter(datasets::removed_at.is_null())
        .order(datasets::slug)
        .select(Readable::as_select())
        .load(connection)?;
    all.retain(|row| viewer.may_see_in(project_id, Object::Dataset, row.created_by == user_id));
    Ok(all)
}
