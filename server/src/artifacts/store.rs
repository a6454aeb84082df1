//! Rows of artifacts, for whoever the guard let in.

use super::labels;
use super::noun::{Artifact, Noun};
use super::row::Row;
use super::table::Table;
use crate::access::{Access, Permission};
use crate::db::{Connection, new_id, now};
use crate::error::{Error, Result};
use crate::http::part::{by_name, matches, part};
use crate::http::version::IfMatch;
use crate::projects::Project;
use crate::slug::slug;
use atelier_api::artifact as api;

/// Names of a project whose word is already taken are tried with numbers up to this.
const SLUG_ATTEMPTS: u32 = 100;

/// Its maker is the caller. Call it in `Db::admit`.
///
/// # Errors
/// If too many have this name.
pub(super) fn create<N: Noun>(
    connection: &mut Connection,
    access: &Access<Project, N::Create>,
    new: &api::CreateArtifact,
) -> Result<Row> {
    let project_id = &access.row().row.id;
    let word = |attempt| slug(&new.name, N::WORD, attempt);
    let taken = N::Rows::words(connection, project_id, &word(0))?;
    let free = (0..SLUG_ATTEMPTS).map(word).find(|word| !taken.contains(word));
    let row = Row {
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
    N::Rows::insert(connection, &row)?;
    labels::set(connection, N::TYPE, &row.id, &new.labels)?;
    Ok(row)
}

/// Those of a project that the caller may see, by name, with those that are shared with it.
pub(super) fn list<N: Noun>(
    connection: &mut Connection,
    access: &Access<Project, N::List>,
    filter: &api::ArtifactFilter,
) -> Result<(Vec<Row>, Option<String>)> {
    let trashed = filter.trashed.unwrap_or(false);
    let mut rows = N::Rows::list(connection, &access.row().row.id, trashed)?;
    if !trashed {
        rows.extend(N::list_lent(connection, access)?);
    }
    rows.retain(|row| row.is_shown(access, N::TYPE));
    if let Some(search) = filter.search.as_deref() {
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let labels = labels::load(connection, N::TYPE, &ids)?;
        rows.retain(|row| {
            let labels = labels.get(&row.id).into_iter().flatten().map(String::as_str);
            let texts: Vec<&str> =
                [row.name.as_str(), row.description.as_str()].into_iter().chain(labels).collect();
            matches(Some(search), &texts)
        });
    }
    part(rows, |row| by_name(&row.name, &row.id), filter.cursor.as_deref())
}

pub(super) fn update<N: Noun>(
    connection: &mut Connection,
    access: &Access<Artifact<N>, N::Update>,
    if_match: &IfMatch,
    change: &api::UpdateArtifact,
) -> Result<()> {
    let id = &access.row().row.id;
    if_match.change(connection, N::TYPE, id, &access.caller().user.id)?;
    writable(connection, access.row())?;
    let (name, text) = (change.name.as_deref(), change.description.as_deref());
    N::Rows::describe(connection, id, name.map(str::trim), text.map(str::trim))?;
    if let Some(new) = &change.labels {
        labels::set(connection, N::TYPE, id, new)?;
    }
    Ok(())
}

/// Into the trash, out of which [`recover`] brings it. Call it in `Db::admit`, so that nothing is committed to
/// it at the same moment.
pub(super) fn delete<N: Noun>(
    connection: &mut Connection,
    access: &Access<Artifact<N>, N::Delete>,
    if_match: &IfMatch,
) -> Result<()> {
    let id = &access.row().row.id;
    if_match.change(connection, N::TYPE, id, &access.caller().user.id)?;
    writable(connection, access.row())?;
    N::Rows::set_trashed(connection, id, Some(now()))?;
    Ok(())
}

/// Out of the trash; one that is not there stays as it is. Call it in `Db::admit`, so that the trash does not
/// forget it at the same moment.
pub(super) fn recover<N: Noun>(
    connection: &mut Connection,
    access: &Access<Artifact<N>, N::Delete>,
    if_match: &IfMatch,
) -> Result<()> {
    let id = &access.row().row.id;
    if_match.change(connection, N::TYPE, id, &access.caller().user.id)?;
    match N::Rows::set_trashed(connection, id, None)? {
        true => Ok(()),
        false => Err(Error::not_found()),
    }
}

/// Asked in each transaction that changes an artifact or what it holds: the guard's look at it is older.
///
/// # Errors
/// If it is in the trash, or gone, or its project is, or nobody may commit to it any more by way of the share.
pub fn writable<N: Noun>(connection: &mut Connection, artifact: &Artifact<N>) -> Result<()> {
    match N::Rows::trashed_at(connection, &artifact.row.id)? {
        None => Err(Error::not_found()),
        Some(None) => match &artifact.row.lent {
            Some(lent) if !N::takes_by_share(connection, artifact, lent)? => Err(Error::not_found()),
            Some(_) | None => Ok(()),
        },
        Some(Some(_)) => {
            let detail = format!("This {} is in the trash. Take it out first.", N::WORD);
            Err(Error::conflict(N::IN_TRASH, detail))
        }
    }
}

/// As it is now, after a change.
pub(super) fn reload<N: Noun, P: Permission>(
    connection: &mut Connection,
    access: &Access<Artifact<N>, P>,
) -> Result<Row> {
    let now = N::Rows::get(connection, &access.row().row.id)?;
    Ok(Row { lent: access.row().row.lent.clone(), ..now })
}
