//! The row of a new version.

use super::{Author, Holder};
use crate::billing;
use crate::db::{Connection, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::storage;
use atelier_api::data::DataOrigin;
use atelier_api::money::Micros;
use atelier_api::role::Object;
use diesel::dsl::max;
use diesel::prelude::*;
use schema::data_versions as versions;

/// A version whose tree is in the project's store already.
#[derive(Clone, Debug)]
pub struct NewVersion<'a> {
    /// The number of the version that it is a change of.
    pub parent: Option<i64>,
    /// The number of the version that it brings back.
    pub restored: Option<i64>,
    /// The tree's root, in hexadecimal digits.
    pub root: &'a str,
    pub message: &'a str,
    pub author: &'a Author,
    pub origin: DataOrigin,
    pub files: i64,
    pub bytes: i64,
    /// Bytes that it has added to what is stored.
    pub stored_bytes: i64,
    /// Milliseconds since the epoch.
    pub at: i64,
}

/// Writes the row and gives its number: the next one, also after those that are gone. Call it in `Db::admit`,
/// after asking the noun whether what has the versions may still be written to.
///
/// # Errors
/// A collision, after which the transaction begins anew, if another version of the same took the number; and if the
/// project may not store that much.
pub fn insert_version(connection: &mut Connection, holder: &Holder, new: &NewVersion) -> Result<i64> {
    let last: Option<i64> = versions::table
        .filter(versions::object.eq(holder.object().as_str()))
        .filter(versions::object_id.eq(holder.id()))
        .select(max(versions::number))
        .first(connection)?;
    let number = last.unwrap_or_default() + 1;
    let made_by = match &new.author.workload_id {
        Some(workload) => MadeBy::load(connection, workload, holder, new)?,
        None => MadeBy::default(),
    };
    diesel::insert_into(versions::table)
        .values((
            versions::project_id.eq(holder.project_id()),
            versions::object.eq(holder.object().as_str()),
            versions::object_id.eq(holder.id()),
            versions::number.eq(number),
            versions::parent_number.eq(new.parent),
            versions::restored_number.eq(new.restored),
            versions::root.eq(new.root),
            versions::message.eq(new.message.trim()),
            versions::author_id.eq(&new.author.user_id),
            versions::origin.eq(new.origin.as_str()),
            versions::workload_id.eq(&new.author.workload_id),
            versions::environment_id.eq(made_by.environment_id),
            versions::image.eq(made_by.image),
            (
                versions::files_number.eq(made_by.files),
                versions::cost_micros.eq(made_by.cost.map(|cost| cost.0)),
                versions::files.eq(new.files),
                versions::bytes.eq(new.bytes),
                versions::stored_bytes.eq(new.stored_bytes),
                versions::created_at.eq(new.at),
            ),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::collision(error),
            false => error.into(),
        })?;
    storage::add(connection, holder.project_id(), new.stored_bytes)?;
    Ok(number)
}

/// A workload that makes a version, as it is at the moment.
#[derive(Default)]
struct MadeBy {
    environment_id: Option<String>,
    /// Digest.
    image: Option<String>,
    /// The version of its project's files that its person had saved last.
    files: Option<i64>,
    /// Since its start.
    cost: Option<Micros>,
}

impl MadeBy {
    /// What it cost and which files it had is told in its own project only: data may be another's that is shared.
    fn load(
        connection: &mut Connection,
        workload: &str,
        holder: &Holder,
        new: &NewVersion,
    ) -> Result<MadeBy> {
        use schema::{workload_starts as starts, workloads};
        let current = starts::workload_id.eq(workloads::id).and(starts::generation.eq(workloads::generation));
        let found: Option<(Option<String>, Option<String>, i64, String)> = workloads::table
            .inner_join(starts::table.on(current))
            .filter(workloads::id.eq(workload))
            .select((
                workloads::environment_id.nullable(),
                starts::image,
                workloads::generation,
                workloads::project_id,
            ))
            .first(connection)
            .optional()?;
        let Some((environment_id, image, generation, project)) = found else { return Ok(MadeBy::default()) };
        if project != holder.project_id() {
            return Ok(MadeBy { environment_id, image, ..MadeBy::default() });
        }
        let costs = billing::costs(connection, &[(workload.to_owned(), generation)], new.at)?;
        let cost = costs.get(workload).map(|(cost, _)| *cost);
        let files = match holder.object() {
            Object::File => None,
            _ => files(connection, &project, new.author)?,
        };
        Ok(MadeBy { environment_id, image, files, cost })
    }
}

/// The version of the project's files that the author saved last, in whatever session.
fn files(connection: &mut Connection, project_id: &str, author: &Author) -> Result<Option<i64>> {
    use schema::uploads;
    let draft = uploads::table
        .filter(uploads::object.eq(Object::File.as_str()))
        .filter(uploads::object_id.eq(project_id))
        .filter(uploads::author_id.eq(&author.user_id))
        .filter(uploads::draft.eq(true));
    Ok(draft.select(uploads::base_number).first::<Option<i64>>(connection).optional()?.flatten())
}
