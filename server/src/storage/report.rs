//! What is stored, as the API shows it. However many projects and datasets there are, it takes the same number of
//! queries.

use super::price::Prices;
use super::usage::Usage;
use crate::access::{Access, Permission, ReadDataset};
use crate::artifacts::{self, Row};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::organizations::Organization;
use crate::projects::Project;
use atelier_api::role::{Action, Object};
use atelier_api::storage::{ProjectStorage, ProjectStorageReport, StoragePart, StorageReport};
use diesel::prelude::*;
use schema::{project_storage as storage, projects, storage_parts as parts};
use std::collections::HashMap;

type ProjectRow = (String, String, String, Option<i64>, Option<i64>, Option<Usage>);

/// Of the whole organization. The permission to see it is the caller's matter.
pub(super) fn organization<P: Permission>(
    connection: &mut Connection,
    access: &Access<Organization, P>,
) -> Result<StorageReport> {
    let id = &access.row().id;
    let rows = projects::table
        .left_join(storage::table)
        .filter(projects::organization_id.eq(id))
        .order((projects::name, projects::id))
        .select((
            projects::id,
            projects::slug,
            projects::name,
            projects::deleted_at,
            projects::storage_quota_bytes,
            Option::<Usage>::as_select(),
        ))
        .load(connection)?;
    let mut all = described(connection, rows)?;
    all.retain(|project| project.slug.is_some() || project.stored_bytes > 0);
    Ok(StorageReport { price_per_gb_month: Prices::load(connection, id)?.newest(), projects: all })
}

/// One project of the organization, by its word.
///
/// # Errors
/// If there is none.
pub(super) fn one<P: Permission>(
    connection: &mut Connection,
    access: &Access<Organization, P>,
    slug: &str,
) -> Result<ProjectStorage> {
    let all = organization(connection, access)?.projects;
    all.into_iter().find(|project| project.slug.as_deref() == Some(slug)).ok_or_else(Error::not_found)
}

/// Of a project, with the datasets and models that the caller may see, and what else there is by type as far as the
/// caller may see everybody's.
pub(super) fn project(
    connection: &mut Connection,
    access: &Access<Project, ReadDataset>,
) -> Result<ProjectStorageReport> {
    let id = &access.row().row.id;
    let row: ProjectRow = projects::table
        .left_join(storage::table)
        .filter(projects::id.eq(id))
        .select((
            projects::id,
            projects::slug,
            projects::name,
            projects::deleted_at,
            projects::storage_quota_bytes,
            Option::<Usage>::as_select(),
        ))
        .first(connection)?;
    let total = described(connection, vec![row])?.pop().ok_or_else(Error::not_found)?;
    let named = artifacts::all(connection, id)?;
    let rows: Vec<PartRow> = parts::table
        .filter(parts::project_id.eq(id))
        .order((parts::stored_bytes.desc(), parts::object_id))
        .select(PartRow::as_select())
        .load(connection)?;
    let part = |row: PartRow| {
        let kind: Object = row.object.parse().ok()?;
        if !artifacts::is_one(&row.object) {
            return access.may(kind, Action::Read, false).then(|| row.to_api(kind, None));
        }
        let one = named.get(&row.object_id)?;
        // As the lists of them decide.
        one.is_shown(access, kind).then(|| row.to_api(kind, Some(one)))
    };
    Ok(ProjectStorageReport { total, parts: rows.into_iter().filter_map(part).collect() })
}

fn described(connection: &mut Connection, rows: Vec<ProjectRow>) -> Result<Vec<ProjectStorage>> {
    let mut sums: HashMap<String, (i64, i64)> = HashMap::new();
    let of_these = parts::project_id.eq_any(rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>());
    let found: Vec<(String, i64, i64)> = parts::table
        .filter(of_these)
        .select((parts::project_id, parts::versions, parts::version_bytes))
        .load(connection)?;
    for (project, versions, bytes) in found {
        let (all, sum) = sums.entry(project).or_default();
        *all += versions;
        *sum = sum.saturating_add(bytes);
    }
    let to_api = |(id, slug, name, deleted_at, quota_bytes, usage): ProjectRow| {
        let (versions, version_bytes) = sums.get(&id).copied().unwrap_or_default();
        let usage = usage.as_ref();
        ProjectStorage {
            project: id,
            slug: deleted_at.is_none().then_some(slug),
            name,
            versions,
            version_bytes,
            stored_bytes: usage.map_or(0, Usage::stored),
            other_bytes: usage.map_or(0, |usage| (usage.pack_bytes - usage.measured_bytes).max(0)),
            quota_bytes,
            measured_at: usage.and_then(|usage| usage.measured_at),
        }
    };
    Ok(rows.into_iter().map(to_api).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::storage_parts)]
struct PartRow {
    object: String,
    object_id: String,
    versions: i64,
    version_bytes: i64,
    newest_bytes: i64,
    stored_bytes: i64,
    own_bytes: i64,
}

impl PartRow {
    fn to_api(&self, kind: Object, named: Option<&Row>) -> StoragePart {
        StoragePart {
            kind,
            slug: named.map(|row| row.slug.clone()),
            name: named.map(|row| row.name.clone()),
            trashed: named.is_some_and(|row| row.trashed_at.is_some()),
            versions: self.versions,
            version_bytes: self.version_bytes,
            newest_bytes: self.newest_bytes,
            stored_bytes: self.stored_bytes,
            own_bytes: self.own_bytes,
        }
    }
}
