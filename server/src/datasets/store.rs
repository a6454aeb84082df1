//! Rows of datasets.

use super::labels;
use super::resource::{Columns, Dataset, DatasetRow};
use super::sharing;
use crate::access::{Access, CreateDataset, DeleteDataset, ListDatasets, Permission, UpdateDataset};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::http::part::{by_name, matches, part};
use crate::http::version::IfMatch;
use crate::projects::Project;
use crate::slug::slug;
use atelier_api::dataset as api;
use atelier_api::dataset::ShareAccess;
use atelier_api::role::{Action, Object};
use diesel::prelude::*;
use schema::datasets;

/// Names of a project whose word is already taken are tried with numbers up to this.
const SLUG_ATTEMPTS: u32 = 100;

/// Its maker is the caller. Call it in `Db::admit`.
///
/// # Errors
/// If too many have this name.
pub(super) fn create(
    connection: &mut Connection,
    access: &Access<Project, CreateDataset>,
    new: &api::CreateDataset,
) -> Result<DatasetRow> {
    let project_id = &access.row().row.id;
    // Those in the trash keep their words.
    let taken: Vec<String> = datasets::table
        .filter(datasets::project_id.eq(project_id))
        .filter(datasets::slug.like(format!("{}%", slug(&new.name, "dataset", 0))))
        .select(datasets::slug)
        .load(connection)?;
    let free = (0..SLUG_ATTEMPTS).map(|n| slug(&new.name, "dataset", n)).find(|word| !taken.contains(word));
    let row = DatasetRow {
        id: new_id(),
        project_id: project_id.clone(),
        slug: free.ok_or_else(|| Error::invalid_field("name", "is used too often; choose another"))?,
        name: new.name.trim().to_owned(),
        description: new.description.trim().to_owned(),
        created_by: access.caller().user.id.clone(),
        created_at: now(),
        trashed_at: None,
        lent: None,
    };
    diesel::insert_into(datasets::table)
        .values((
            datasets::id.eq(&row.id),
            datasets::project_id.eq(project_id),
            datasets::slug.eq(&row.slug),
            datasets::name.eq(&row.name),
            datasets::description.eq(&row.description),
            datasets::created_by.eq(&row.created_by),
            datasets::created_at.eq(row.created_at),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::collision(error),
            false => error.into(),
        })?;
    labels::set(connection, &row.id, &new.labels)?;
    Ok(row)
}

/// The datasets of a project that the caller may see, by name, with those that are shared with it.
pub(super) fn list(
    connection: &mut Connection,
    access: &Access<Project, ListDatasets>,
    filter: &api::DatasetFilter,
) -> Result<(Vec<DatasetRow>, Option<String>)> {
    let trashed = filter.trashed.unwrap_or(false);
    let mut query = datasets::table
        .filter(datasets::project_id.eq(&access.row().row.id))
        .filter(datasets::removed_at.is_null())
        .select(Columns::as_select())
        .into_boxed();
    query = match trashed {
        true => query.filter(datasets::trashed_at.is_not_null()),
        false => query.filter(datasets::trashed_at.is_null()),
    };
    let here: Vec<Columns> = query.load(connection)?;
    let mut rows: Vec<DatasetRow> = here.into_iter().map(Into::into).collect();
    if !trashed {
        rows.extend(sharing::list(connection, access)?);
    }
    // As the guard decides of each alone.
    let needed: &[Action] = if trashed { &[Action::Read, Action::Delete] } else { &[Action::Read] };
    rows.retain(|row| needed.iter().all(|action| row.may(access, *action)));
    if let Some(search) = filter.search.as_deref() {
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let labels = labels::load(connection, &ids)?;
        rows.retain(|row| {
            let labels = labels.get(&row.id).into_iter().flatten().map(String::as_str);
            let texts: Vec<&str> =
                [row.name.as_str(), row.description.as_str()].into_iter().chain(labels).collect();
            matches(Some(search), &texts)
        });
    }
    part(rows, |row| by_name(&row.name, &row.id), filter.cursor.as_deref())
}

pub(super) fn update(
    connection: &mut Connection,
    access: &Access<Dataset, UpdateDataset>,
    if_match: &IfMatch,
    change: &api::UpdateDataset,
) -> Result<()> {
    let id = &access.row().row.id;
    if_match.change(connection, Object::Dataset, id, &access.caller().user.id)?;
    writable(connection, access.row())?;
    if let Some(name) = &change.name {
        diesel::update(datasets::table.find(id)).set(datasets::name.eq(name.trim())).execute(connection)?;
    }
    if let Some(text) = &change.description {
        diesel::update(datasets::table.find(id))
            .set(datasets::description.eq(text.trim()))
            .execute(connection)?;
    }
    if let Some(new) = &change.labels {
        labels::set(connection, id, new)?;
    }
    Ok(())
}

/// Into the trash, out of which [`recover`] brings it. Call it in `Db::admit`, so that nothing is committed to
/// it at the same moment.
pub(super) fn delete(
    connection: &mut Connection,
    access: &Access<Dataset, DeleteDataset>,
    if_match: &IfMatch,
) -> Result<()> {
    let id = &access.row().row.id;
    if_match.change(connection, Object::Dataset, id, &access.caller().user.id)?;
    writable(connection, access.row())?;
    diesel::update(datasets::table.find(id)).set(datasets::trashed_at.eq(now())).execute(connection)?;
    Ok(())
}

/// Out of the trash; one that is not there stays as it is. Call it in `Db::admit`, so that the trash does not
/// forget it at the same moment.
pub(super) fn recover(
    connection: &mut Connection,
    access: &Access<Dataset, DeleteDataset>,
    if_match: &IfMatch,
) -> Result<()> {
    let id = &access.row().row.id;
    if_match.change(connection, Object::Dataset, id, &access.caller().user.id)?;
    let here = datasets::table.find(id).filter(datasets::removed_at.is_null());
    match diesel::update(here).set(datasets::trashed_at.eq(None::<i64>)).execute(connection)? {
        0 => Err(Error::not_found()),
        _ => Ok(()),
    }
}

/// Asked in each transaction that changes a dataset or what it holds: the guard's look at it is older.
///
/// # Errors
/// If it is in the trash, or gone, or its project is, or nobody may commit to it any more by way of the share.
pub fn writable(connection: &mut Connection, dataset: &Dataset) -> Result<()> {
    use schema::projects;
    let trashed_at: Option<Option<i64>> = datasets::table
        .inner_join(projects::table)
        .filter(datasets::id.eq(&dataset.row.id))
        .filter(datasets::removed_at.is_null())
        .filter(projects::deleted_at.is_null())
        .select(datasets::trashed_at)
        .first(connection)
        .optional()?;
    match trashed_at {
        None => Err(Error::not_found()),
        Some(None) => match &dataset.row.lent {
            Some(lent) => {
                let (id, with) = (&dataset.row.id, &dataset.project.row.id);
                match sharing::shared(connection, id, with, lent.outside)? {
                    Some(ShareAccess::Commit) => Ok(()),
                    Some(ShareAccess::Read) | None => Err(Error::not_found()),
                }
            }
            None => Ok(()),
        },
        Some(Some(_)) => {
            let detail = "This dataset is in the trash. Take it out first.";
            Err(Error::conflict("dataset-in-trash", detail))
        }
    }
}

/// The dataset as it is now, after a change.
pub(super) fn reload<P: Permission>(
    connection: &mut Connection,
    access: &Access<Dataset, P>,
) -> Result<DatasetRow> {
    let this = datasets::table.find(&access.row().row.id);
    let now: Columns = this.select(Columns::as_select()).first(connection)?;
    Ok(DatasetRow { lent: access.row().row.lent.clone(), ..now.into() })
}
