//! Rows of shares: which projects may use a dataset that is not theirs.
//!
//! In a project that it is shared with, a dataset has the address `<its project>.<its word>`. Roles there decide, within
//! what the share allows; a denial in its own project holds as well. Its files, its bill and its quota stay with its own
//! project.

use super::Dataset;
use crate::access::{
    Access, Borrowed, Caller, HeldRole, Permission, Policies, Resource, UpdateDataset, Viewer,
    held_by_project, roles_in_project,
};
use crate::artifacts::{Columns, Lent, Row, columns, writable};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::projects::Project;
use atelier_api::dataset as api;
use atelier_api::dataset::ShareAccess;
use atelier_api::role::{Action, Object, OrganizationRole};
use atelier_policies::RoleName;
use diesel::prelude::*;
use schema::{dataset_shares as shares, datasets, projects, users};
use std::collections::BTreeMap;

/// With so many projects a dataset can be shared.
const MOST: i64 = 100;

/// What a share allows, in the order of the page's lists.
fn allows(access: ShareAccess) -> &'static [Action] {
    match access {
        ShareAccess::Read => &[Action::Read],
        ShareAccess::Commit => &[Action::Read, Action::Commit],
    }
}

/// Who is from outside has nothing but his or her projects: what is shared with the whole organization is not theirs.
fn from_outside(roles: &[RoleName]) -> bool {
    roles.contains(&OrganizationRole::Guest.into())
}

/// The dataset of this address, `<project>.<word>`, if it is shared with the project for whoever has these roles there.
pub(super) fn find(
    connection: &mut Connection,
    caller: &Caller,
    (project, roles): (&Project, &[RoleName]),
    address: &str,
) -> Result<Option<Row>> {
    let Some((home, slug)) = address.split_once('.') else { return Ok(None) };
    let found: Option<(Columns, String, String)> = datasets::table
        .inner_join(projects::table)
        .filter(projects::organization_id.eq(&project.organization.id))
        .filter(projects::slug.eq(home))
        .filter(projects::id.ne(&project.row.id))
        .filter(projects::deleted_at.is_null())
        .filter(datasets::slug.eq(slug))
        .filter(datasets::trashed_at.is_null())
        .filter(datasets::removed_at.is_null())
        .select((columns!(datasets), projects::slug, projects::name))
        .first(connection)
        .optional()?;
    let Some((columns, slug, name)) = found else { return Ok(None) };
    let outside = from_outside(roles);
    let Some(access) = shared(connection, &columns.id, &project.row.id, outside)? else { return Ok(None) };
    let elsewhere = roles_in_project(connection, &columns.project_id, &caller.user.id)?;
    let elsewhere = elsewhere.iter().map(HeldRole::name).collect();
    let borrowed = Borrowed { allows: allows(access), elsewhere };
    Ok(Some(Row::lent(columns, Lent { slug, name, access, outside, borrowed })))
}

/// What is shared with the project that this access is to, or is in, for whoever has it; in no order.
pub(super) fn list<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
) -> Result<Vec<Row>> {
    let resource = access.row();
    let (Some(organization), Some(project_id)) = (resource.organization(), resource.project_id()) else {
        return Ok(Vec::new());
    };
    let outside = from_outside(access.roles());
    let mut query = shares::table
        .inner_join(datasets::table.inner_join(projects::table))
        .filter(projects::organization_id.eq(&organization.id))
        .filter(projects::deleted_at.is_null())
        .filter(projects::id.ne(project_id))
        .filter(datasets::trashed_at.is_null())
        .filter(datasets::removed_at.is_null())
        .select((shares::access, columns!(datasets), projects::slug, projects::name))
        .into_boxed();
    let with_it = shares::project_id.eq(project_id);
    query = match outside {
        true => query.filter(with_it),
        false => query.filter(with_it.or(shares::project_id.is_null())),
    };
    let found: Vec<(String, Columns, String, String)> = query.load(connection)?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let held = held_by_project(connection, &organization.id, &access.caller().user.id)?;
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for (word, columns, slug, name) in found {
        let Ok(access) = word.parse::<ShareAccess>() else { continue };
        // Of several shares the one that allows more.
        let known = rows.get(&columns.id).and_then(|row| row.lent.as_ref());
        if known.is_some_and(|lent| lent.access >= access) {
            continue;
        }
        let roles = held.get(&columns.project_id).into_iter().flatten();
        let elsewhere = roles.map(HeldRole::name).collect();
        let borrowed = Borrowed { allows: allows(access), elsewhere };
        let lent = Lent { slug, name, access, outside, borrowed };
        rows.insert(columns.id.clone(), Row::lent(columns, lent));
    }
    Ok(rows.into_values().collect())
}

/// What a project may do with a dataset of another one at this moment.
pub(super) fn shared(
    connection: &mut Connection,
    dataset_id: &str,
    project_id: &str,
    outside: bool,
) -> Result<Option<ShareAccess>> {
    let rows: Vec<(Option<String>, String)> = shares::table
        .filter(shares::dataset_id.eq(dataset_id))
        .select((shares::project_id, shares::access))
        .load(connection)?;
    let applies = |with: &Option<String>| match with {
        Some(with) => with == project_id,
        None => !outside,
    };
    let found = rows.into_iter().filter(|(with, _)| applies(with));
    Ok(found.filter_map(|(_, access)| access.parse().ok()).max())
}

/// With whom a dataset is shared: the organization first, then projects by name.
pub(super) fn of(
    connection: &mut Connection,
    access: &Access<Dataset, UpdateDataset>,
) -> Result<Vec<api::DatasetShare>> {
    type Found = (String, Option<(String, String, Option<i64>)>, String, String, i64);
    let rows: Vec<Found> = shares::table
        .left_join(projects::table)
        .inner_join(users::table)
        .filter(shares::dataset_id.eq(&access.row().row.id))
        .select((
            shares::id,
            (projects::slug, projects::name, projects::deleted_at).nullable(),
            shares::access,
            users::name,
            shares::shared_at,
        ))
        .load(connection)?;
    let to_api = |(id, project, word, shared_by, shared_at): Found| {
        let project = match project {
            Some((.., Some(_))) => return None,
            Some((slug, name, None)) => Some(api::SharedWith { slug, name }),
            None => None,
        };
        Some(api::DatasetShare { id, project, access: word.parse().ok()?, shared_by, shared_at })
    };
    let mut all: Vec<api::DatasetShare> = rows.into_iter().filter_map(to_api).collect();
    all.sort_by_cached_key(|share| {
        share.project.as_ref().map(|project| (project.name.to_lowercase(), project.slug.clone()))
    });
    Ok(all)
}

/// Shares a dataset, or changes what a share allows. Call it in `Db::admit`.
///
/// # Errors
/// If there is no such project that the caller may see, it is the dataset's own, or there are too many.
pub(super) fn set(
    connection: &mut Connection,
    access: &Access<Dataset, UpdateDataset>,
    policies: &Policies,
    wish: &api::ShareDataset,
) -> Result<()> {
    let dataset = access.row();
    writable(connection, dataset)?;
    let with = match &wish.project {
        Some(slug) => Some(visible(connection, access, policies, slug)?),
        None => None,
    };
    if with.as_ref() == Some(&dataset.project.row.id) {
        return Err(Error::invalid_field("project", "is the dataset's own project"));
    }
    let said = (
        shares::access.eq(wish.access.as_str()),
        shares::shared_by.eq(&access.caller().user.id),
        shares::shared_at.eq(now()),
    );
    let all: Vec<(String, Option<String>)> = shares::table
        .filter(shares::dataset_id.eq(&dataset.row.id))
        .select((shares::id, shares::project_id))
        .load(connection)?;
    if let Some((id, _)) = all.iter().find(|(_, project)| *project == with) {
        diesel::update(shares::table.find(id)).set(said).execute(connection)?;
        return Ok(());
    }
    if all.len() as i64 >= MOST {
        let detail =
            format!("This dataset is shared with {MOST} projects already. Share it with the organization.");
        return Err(Error::conflict("too-many-shares", detail));
    }
    diesel::insert_into(shares::table)
        .values((
            shares::id.eq(new_id()),
            shares::dataset_id.eq(&dataset.row.id),
            shares::project_id.eq(with),
            said,
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::collision(error),
            false => error.into(),
        })?;
    Ok(())
}

/// Id of the project of this word, if the caller may see it. One that there is and one that there is not are refused
/// alike.
fn visible(
    connection: &mut Connection,
    access: &Access<Dataset, UpdateDataset>,
    policies: &Policies,
    slug: &str,
) -> Result<String> {
    let unknown = || Error::invalid_field("project", "is not a project that you may see");
    let organization_id = &access.row().project.organization.id;
    let id: Option<String> = projects::table
        .filter(projects::organization_id.eq(organization_id))
        .filter(projects::slug.eq(slug))
        .filter(projects::deleted_at.is_null())
        .select(projects::id)
        .first(connection)
        .optional()?;
    let viewer = Viewer::load(connection, policies, organization_id, &access.caller().user.id)?;
    let sees = |id: &String| viewer.is_some_and(|viewer| viewer.may_see_in(id, Object::Project, false));
    id.filter(sees).ok_or_else(unknown)
}

/// From this moment on nobody gets at the dataset by this share.
///
/// # Errors
/// If there is no such share of it.
pub(super) fn end(
    connection: &mut Connection,
    access: &Access<Dataset, UpdateDataset>,
    id: &str,
) -> Result<()> {
    let this = shares::table.find(id).filter(shares::dataset_id.eq(&access.row().row.id));
    match diesel::delete(this).execute(connection)? {
        0 => Err(Error::not_found()),
        _ => Ok(()),
    }
}

/// Of a dataset that is gone.
pub(super) fn end_all(connection: &mut Connection, dataset_id: &str) -> Result<()> {
    diesel::delete(shares::table.filter(shares::dataset_id.eq(dataset_id))).execute(connection)?;
    Ok(())
}

/// The projects whose people see something of this one, one by one. Those that see it as all of the organization does
/// are not named.
pub fn borrowers(connection: &mut Connection, project_id: &str) -> Result<Vec<String>> {
    let found: Vec<Option<String>> = shares::table
        .inner_join(datasets::table)
        .filter(datasets::project_id.eq(project_id))
        .filter(shares::project_id.is_not_null())
        .select(shares::project_id)
        .distinct()
        .load(connection)?;
    Ok(found.into_iter().flatten().collect())
}
