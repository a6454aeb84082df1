//! Artifacts as the API shows them. However many they are, they take the same number of queries.

use super::noun::Noun;
use super::row::Row;
use super::{inputs, labels};
use crate::access::{Access, Permission, Resource};
use crate::data::{self, VersionRow};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::http::version::Versions;
use atelier_api::artifact::Artifact as Shown;
use atelier_api::data::DataVersion;
use atelier_api::dataset::SharedFrom;
use atelier_api::money::Micros;
use atelier_api::role::{Action, Object};
use diesel::prelude::*;
use std::collections::HashMap;

/// What can be done with one.
const ACTIONS: [Action; 4] = [Action::Read, Action::Update, Action::Commit, Action::Delete];

/// Those of the project that `access` is to, or is in.
pub(super) fn describe<N: Noun, R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    rows: Vec<Row>,
) -> Result<Vec<Shown>> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut labels = labels::load(connection, N::TYPE, &ids)?;
    let mut summaries = data::summaries(connection, N::TYPE, &ids)?;
    let newest = summaries.values_mut().filter_map(|summary| summary.latest.take()).collect::<Vec<_>>();
    let holders: Vec<String> = newest.iter().map(|row| row.object_id.clone()).collect();
    let newest = versions(connection, access, N::TYPE, newest)?;
    let mut newest: HashMap<String, _> = holders.into_iter().zip(newest).collect();
    let makers: HashMap<String, String> = schema::users::table
        .filter(schema::users::id.eq_any(rows.iter().map(|row| &row.created_by)))
        .select((schema::users::id, schema::users::name))
        .load::<(String, String)>(connection)?
        .into_iter()
        .collect();
    let versions = Versions::load(connection, N::TYPE, ids)?;
    let to_api = |row: Row| Shown {
        shared_from: row
            .lent
            .as_ref()
            .map(|lent| SharedFrom { project_name: lent.name.clone(), access: lent.access }),
        labels: labels.remove(&row.id).unwrap_or_default(),
        created_by: makers.get(&row.created_by).cloned().unwrap_or_default(),
        versions: summaries.get(&row.id).map_or(0, |summary| summary.versions),
        latest: newest.remove(&row.id),
        permissions: ACTIONS.into_iter().filter(|a| row.may(access, N::TYPE, *a)).collect(),
        version: versions.of(&row.id),
        removed_at: row.trashed_at.map(data::forgotten_at),
        slug: row.address(),
        id: row.id,
        name: row.name,
        description: row.description,
        created_at: row.created_at,
        trashed_at: row.trashed_at,
    };
    Ok(rows.into_iter().map(to_api).collect())
}

pub(super) fn one<N: Noun, R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    row: Row,
) -> Result<Shown> {
    describe::<N, _, _>(connection, access, vec![row])?.pop().ok_or_else(Error::not_found)
}

/// Versions of something of this type that `access` is to, or is in, with what of their making the caller may see.
pub fn versions<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    object: Object,
    rows: Vec<VersionRow>,
) -> Result<Vec<DataVersion>> {
    let made_of = inputs::shown(connection, access, object, &rows)?;
    // The bill of another project, whose data is shared with this one, is not for those here.
    let here = access.row().project_id();
    let cost =
        |row: &VersionRow| row.cost_micros.filter(|_| here == Some(row.project_id.as_str())).map(Micros);
    let costs: Vec<_> = rows.iter().map(cost).collect();
    let mut shown = data::describe(connection, object, rows)?;
    for ((version, datasets), cost) in shown.iter_mut().zip(made_of).zip(costs) {
        let mine = version.author == access.caller().user.id;
        version.provenance.datasets = datasets;
        version.provenance.cost = cost.filter(|_| access.may(Object::Spend, Action::Read, mine));
    }
    Ok(shown)
}

pub fn version<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    object: Object,
    row: VersionRow,
) -> Result<DataVersion> {
    versions(connection, access, object, vec![row])?.pop().ok_or_else(Error::not_found)
}
