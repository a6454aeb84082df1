//! Rows of the volumes that hold trees. For starts and the sweep, which act for nobody.

use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use crate::workloads::Goal;
use atelier_api::session::{DataPlace, SessionState};
use diesel::prelude::*;
use schema::data_volumes as volumes;

/// A container that has ended is there for ten minutes more, and with it its hold on the volume, unless the workload
/// is deleted.
const HELD_MS: i64 = 900_000;

/// A tree that is to be on the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Tree {
    pub(super) project_id: String,
    pub(super) root: String,
}

/// The volume that holds all of the tree, if there is one; it is noted that it is used.
pub(super) fn whole(connection: &mut Connection, tree: &Tree) -> Result<Option<String>> {
    let name: Option<String> = of(tree)
        .filter(volumes::prepared_at.is_not_null())
        .select(volumes::name)
        .first(connection)
        .optional()?;
    if name.is_some() {
        diesel::update(of(tree)).set(volumes::used_at.eq(now())).execute(connection)?;
    }
    Ok(name)
}

/// A name that no volume has had.
pub(super) fn new_name() -> String {
    format!("atelier-data-{}", new_id())
}

/// A volume of this name is about to be made and filled, instead of what an earlier attempt left.
pub(super) fn claim(connection: &mut Connection, tree: &Tree, name: &str, bytes: i64) -> Result<()> {
    diesel::delete(of(tree)).execute(connection)?;
    diesel::insert_into(volumes::table)
        .values((
            volumes::name.eq(name),
            volumes::project_id.eq(&tree.project_id),
            volumes::root.eq(&tree.root),
            volumes::bytes.eq(bytes),
            volumes::used_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(())
}

/// All of the tree is in the volume, on the disk. Says whether the volume is still the tree's.
pub(super) fn prepared(connection: &mut Connection, name: &str) -> Result<bool> {
    let now = now();
    let changed = diesel::update(volumes::table.find(name))
        .set((volumes::prepared_at.eq(now), volumes::used_at.eq(now)))
        .execute(connection)?;
    Ok(changed > 0)
}

/// Gives a claim up, so that it takes no room any more.
pub(super) fn forget(connection: &mut Connection, name: &str) -> Result<()> {
    diesel::delete(volumes::table.find(name)).execute(connection)?;
    Ok(())
}

/// Bytes of all volumes but that of this tree.
pub(super) fn bytes_beside(connection: &mut Connection, tree: &Tree) -> Result<i64> {
    let all: Vec<(String, String, i64)> =
        volumes::table.select((volumes::project_id, volumes::root, volumes::bytes)).load(connection)?;
    let others = all.iter().filter(|(project, root, _)| *project != tree.project_id || *root != tree.root);
    Ok(others.fold(0, |sum, (.., bytes)| sum.saturating_add(*bytes)))
}

/// Forgets the volume that was not used for longest and that no container has; gives its name and size. Call it in
/// `Db::admit`: nothing is given to a start at the same moment.
pub(super) fn put_away_one(connection: &mut Connection) -> Result<Option<(String, i64)>> {
    let held = held(connection)?;
    let all: Vec<(String, String, String, i64)> = volumes::table
        .filter(volumes::prepared_at.is_not_null())
        .order(volumes::used_at)
        .select((volumes::name, volumes::project_id, volumes::root, volumes::bytes))
        .load(connection)?;
    let free = all.into_iter().find(|(_, project_id, root, _)| {
        !held.iter().any(|tree| tree.project_id == *project_id && tree.root == *root)
    });
    let Some((name, _, _, bytes)) = free else { return Ok(None) };
    forget(connection, &name)?;
    Ok(Some((name, bytes)))
}

/// Forgets the volumes of deleted projects, and of trees that the trash has forgotten. Call it in `Db::admit`.
pub(super) fn put_away_unneeded(connection: &mut Connection) -> Result<()> {
    use schema::{data_versions as versions, projects};
    let all: Vec<(String, String, String, Option<i64>)> = volumes::table
        .inner_join(projects::table)
        .select((volumes::name, volumes::project_id, volumes::root, projects::deleted_at))
        .load(connection)?;
    if all.is_empty() {
        return Ok(());
    }
    let kept: Vec<(String, String)> = versions::table
        .filter(versions::root.eq_any(all.iter().map(|(_, _, root, _)| root)))
        .filter(versions::removed_at.is_null())
        .select((versions::project_id, versions::root))
        .distinct()
        .load(connection)?;
    let held = held(connection)?;
    for (name, project_id, root, deleted_at) in all {
        let tree = Tree { project_id, root };
        let needed = deleted_at.is_none()
            && kept.iter().any(|(project, root)| *project == tree.project_id && *root == tree.root);
        if !needed && !held.contains(&tree) {
            forget(connection, &name)?;
        }
    }
    Ok(())
}

/// The volumes that are not whole.
pub(super) fn half(connection: &mut Connection) -> Result<Vec<String>> {
    Ok(volumes::table.filter(volumes::prepared_at.is_null()).select(volumes::name).load(connection)?)
}

/// Every volume that is somebody's.
pub(super) fn names(connection: &mut Connection) -> Result<Vec<String>> {
    Ok(volumes::table.select(volumes::name).load(connection)?)
}

/// What containers have, or are about to get.
fn held(connection: &mut Connection) -> Result<Vec<Tree>> {
    use schema::{workload_data as given, workload_status as status, workloads};
    let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
    let rows: Vec<(String, String)> = given::table
        .inner_join(workloads::table.inner_join(status::table))
        .filter(given::generation.eq(workloads::generation))
        .filter(given::place.eq(DataPlace::Mounted.as_str()))
        .filter(
            workloads::wanted.eq(Goal::Running.as_str()).or(status::state.ne_all(over)).or(
                workloads::deleted_at
                    .is_null()
                    .and(status::ended_at.is_not_null())
                    .and(status::ended_at.gt(now() - HELD_MS).assume_not_null()),
            ),
        )
        .select((workloads::project_id, given::root))
        .distinct()
        .load(connection)?;
    Ok(rows.into_iter().map(|(project_id, root)| Tree { project_id, root }).collect())
}

type Of<'a> = diesel::dsl::Filter<
    diesel::dsl::Filter<volumes::table, diesel::dsl::Eq<volumes::project_id, &'a str>>,
    diesel::dsl::Eq<volumes::root, &'a str>,
>;

fn of(tree: &Tree) -> Of<'_> {
    volumes::table
        .filter(volumes::project_id.eq(tree.project_id.as_str()))
        .filter(volumes::root.eq(tree.root.as_str()))
}
