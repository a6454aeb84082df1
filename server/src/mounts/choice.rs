//! What data a workload is to have, chosen: checked when it is said, and asked again at each start.

use super::place::{Limits, on_disk, places};
use super::readable::{Readable, readable};
use super::rows::{self, ChoiceRow};
use crate::access::Policies;
use crate::data::{self, VersionRow, Which};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::projects::Project;
use atelier_api::role::Object;
use atelier_api::session::{DataPlace, DataWish};
use diesel::prelude::*;
use std::collections::HashSet;

/// The field of the request.
const FIELD: &str = "data";

/// A choice that was checked: datasets and words for versions; `None` for all.
pub struct Checked(Option<Vec<(String, Which)>>);

/// Looks whether the person may have what is wished for, and whether that is there.
///
/// # Errors
/// Names what is not; what the person may not read is as if it was not there.
pub fn check(
    connection: &mut Connection,
    policies: &Policies,
    project: &Project,
    user_id: &str,
    limits: Limits,
    wish: &DataWish,
) -> Result<Checked> {
    let DataWish::Chosen(chosen) = wish else { return Ok(Checked(None)) };
    let whose = (project.organization.id.as_str(), project.row.id.as_str());
    let readable = readable(connection, policies, whose, user_id)?;
    let mut asked = Vec::new();
    let mut names = HashSet::new();
    for choice in chosen {
        let (slug, version) = (&choice.dataset, &choice.version);
        let wrong = |why: String| Error::invalid_field(FIELD, why);
        let dataset = readable.iter().find(|dataset| dataset.slug == *slug);
        let dataset =
            dataset.ok_or_else(|| wrong(format!("there is no dataset {slug:?} that you may read")))?;
        if !names.insert(slug) {
            return Err(wrong(format!("{slug} is chosen twice")));
        }
        let which = Which::parse(version).map_err(|_| wrong(format!("{slug} has no version {version:?}")))?;
        asked.push((dataset.id.clone(), which));
    }
    let found = versions(connection, &readable, &asked)?;
    let absent = |slug: String, word: String| match word == Which::Latest.word() {
        true => Error::invalid_field(FIELD, format!("{slug} has no version yet")),
        false => Error::invalid_field(FIELD, format!("{slug} has no version {word:?}")),
    };
    let found: Vec<VersionRow> = found
        .into_iter()
        .map(|found| found.map_err(|(slug, word)| absent(slug, word)))
        .collect::<Result<_>>()?;
    let sizes: Vec<i64> = found.iter().map(|row| on_disk(row.bytes, row.files)).collect();
    if places(limits, &sizes).contains(&DataPlace::NoRoom) {
        let detail = format!(
            "comes to more than the {} MiB that a host keeps for data; choose less",
            limits.host >> 20
        );
        return Err(Error::invalid_field(FIELD, detail));
    }
    Ok(Checked(Some(asked)))
}

/// Looks again at what was chosen before.
///
/// # Errors
/// If any of it is not there any more, or not for the person.
pub fn recheck(
    connection: &mut Connection,
    policies: &Policies,
    project: &Project,
    user_id: &str,
    workload_id: &str,
) -> Result<()> {
    let whose = (project.organization.id.as_str(), project.row.id.as_str());
    let Some(chosen) = rows::choices(connection, workload_id)? else { return Ok(()) };
    let readable = readable(connection, policies, whose, user_id)?;
    match meant(connection, &readable, &chosen)? {
        Ok(_) => Ok(()),
        Err(gone) => Err(Error::conflict("data-gone", gone.in_words())),
    }
}

/// Writes down what was chosen, instead of what was before.
pub fn choose(connection: &mut Connection, workload_id: &str, checked: &Checked) -> Result<()> {
    use schema::{workload_data_choices as choices, workloads};
    diesel::update(workloads::table.find(workload_id))
        .set(workloads::all_data.eq(checked.0.is_none()))
        .execute(connection)?;
    diesel::delete(choices::table.filter(choices::workload_id.eq(workload_id))).execute(connection)?;
    for (dataset_id, which) in checked.0.iter().flatten() {
        diesel::insert_into(choices::table)
            .values(ChoiceRow {
                workload_id: workload_id.to_owned(),
                dataset_id: dataset_id.clone(),
                version: which.word(),
            })
            .execute(connection)?;
    }
    Ok(())
}

/// Something that was chosen and cannot be had; without a name if the person may not know of it any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gone(Option<String>);

impl Gone {
    pub(super) fn unnamed() -> Gone {
        Gone(None)
    }

    pub(super) fn in_words(&self) -> String {
        match &self.0 {
            Some(name) => {
                format!(
                    "{name} was chosen for this session and is not there any more. Start it with other data."
                )
            }
            None => {
                "A dataset was chosen for this session that is not there any more, or not for you to read. \
                     Start it with other data."
                    .to_owned()
            }
        }
    }
}

/// What the choices mean now, in their order.
pub(super) fn meant(
    connection: &mut Connection,
    readable: &[Readable],
    chosen: &[ChoiceRow],
) -> Result<Result<Vec<VersionRow>, Gone>> {
    let asked: Vec<(String, Which)> = chosen
        .iter()
        // What was written down was parsed before.
        .map(|choice| Ok((choice.dataset_id.clone(), Which::parse(&choice.version)?)))
        .collect::<Result<_>>()?;
    let found = versions(connection, readable, &asked)?;
    let named = |(slug, word): (String, String)| match slug.is_empty() {
        true => Gone::unnamed(),
        false => Gone(Some(format!("{slug} at version {word}"))),
    };
    Ok(found.into_iter().map(|found| found.map_err(named)).collect())
}

/// The version that is meant of each, or the slug and the word of what there is not; without a slug if the person may
/// not know of it.
fn versions(
    connection: &mut Connection,
    readable: &[Readable],
    asked: &[(String, Which)],
) -> Result<Vec<Result<VersionRow, (String, String)>>> {
    let slug = |id: &str| readable.iter().find(|dataset| dataset.id == id).map(|found| found.slug.clone());
    let known: Vec<(String, Which)> = asked.iter().filter(|(id, _)| slug(id).is_some()).cloned().collect();
    let mut found = data::meant(connection, Object::Dataset, &known)?;
    let one = |(id, which): &(String, Which)| {
        found.remove(id).ok_or_else(|| (slug(id).unwrap_or_default(), which.word()))
    };
    Ok(asked.iter().map(one).collect())
}
