//! Rows of environments: what was built last. For builds, which act for nobody.

use super::definition::Definition;
use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use atelier_api::environment::EnvironmentState;
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schema::environments)]
pub struct EnvironmentRow {
    pub id: String,
    pub definition_hash: String,
    pub revision: i64,
    pub state: String,
    pub image: Option<String>,
    pub size_bytes: Option<i64>,
    pub failure: Option<String>,
    pub cancelled_by: Option<String>,
    pub started_at: Option<i64>,
    pub built_at: Option<i64>,
}

pub fn all(connection: &mut Connection) -> Result<HashMap<String, EnvironmentRow>> {
    use schema::environments;
    let rows: Vec<EnvironmentRow> =
        environments::table.select(EnvironmentRow::as_select()).load(connection)?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
}

/// The rows as one organization may see them.
pub struct Shown {
    pub(super) rows: HashMap<String, EnvironmentRow>,
    /// Names of those who broke builds off, by id: an environment is shared, its users' names are not.
    pub(super) names: HashMap<String, String>,
}

pub fn shown(connection: &mut Connection, organization_id: &str) -> Result<Shown> {
    use schema::{organization_members as members, users};
    let rows = all(connection)?;
    let cancelled_by: Vec<&String> = rows.values().filter_map(|row| row.cancelled_by.as_ref()).collect();
    let names = match cancelled_by.is_empty() {
        true => Vec::new(),
        false => users::table
            .inner_join(members::table)
            .filter(members::organization_id.eq(organization_id))
            .filter(users::id.eq_any(cancelled_by))
            .select((users::id, users::name))
            .load::<(String, String)>(connection)?,
    };
    Ok(Shown { rows, names: names.into_iter().collect() })
}

/// The row, made if there is none; the revision goes up when the definition is not the one built last.
fn current(connection: &mut Connection, definition: &Definition) -> Result<EnvironmentRow> {
    use schema::environments;
    let id = &definition.about.id;
    let known: Option<EnvironmentRow> =
        environments::table.find(id).select(EnvironmentRow::as_select()).first(connection).optional()?;
    match known {
        None => {
            diesel::insert_into(environments::table)
                .values((
                    environments::id.eq(id),
                    environments::definition_hash.eq(&definition.hash),
                    environments::revision.eq(1),
                    environments::state.eq(EnvironmentState::Absent.as_str()),
                ))
                .execute(connection)?;
        }
        Some(row) if row.definition_hash != definition.hash => {
            diesel::update(environments::table.find(id))
                .set((
                    environments::definition_hash.eq(&definition.hash),
                    environments::revision.eq(row.revision + 1),
                    environments::state.eq(EnvironmentState::Absent.as_str()),
                    environments::image.eq(None::<String>),
                    environments::size_bytes.eq(None::<i64>),
                    environments::built_at.eq(None::<i64>),
                    environments::cancelled_by.eq(None::<String>),
                ))
                .execute(connection)?;
        }
        Some(row) => return Ok(row),
    }
    Ok(environments::table.find(id).select(EnvironmentRow::as_select()).first(connection)?)
}

/// A build begins, caused by somebody or by the server itself. Who waits for it is not billed for that; this
/// row is what it costs whom.
pub(super) fn building(
    connection: &mut Connection,
    definition: &Definition,
    cause: Option<&str>,
) -> Result<()> {
    use schema::{environment_builds as builds, environments};
    current(connection, definition)?;
    // Another server may have written it down for this one.
    let known: i64 = builds::table
        .filter(builds::environment_id.eq(&definition.about.id))
        .filter(builds::definition_hash.eq(&definition.hash))
        .filter(builds::ended_at.is_null())
        .count()
        .get_result(connection)?;
    if known == 0 {
        diesel::insert_into(builds::table)
            .values((
                builds::id.eq(new_id()),
                builds::environment_id.eq(&definition.about.id),
                builds::definition_hash.eq(&definition.hash),
                builds::caused_by.eq(cause),
                builds::started_at.eq(now()),
            ))
            .execute(connection)?;
    }
    diesel::update(environments::table.find(&definition.about.id))
        .set((
            environments::state.eq(EnvironmentState::Building.as_str()),
            environments::failure.eq(None::<String>),
            environments::cancelled_by.eq(None::<String>),
            environments::started_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(())
}

/// The image is there. Says whether that is news.
pub(super) fn ready(
    connection: &mut Connection,
    definition: &Definition,
    image: &str,
    size_bytes: Option<i64>,
) -> Result<bool> {
    use schema::environments;
    let row = current(connection, definition)?;
    if row.state == EnvironmentState::Ready.as_str() && row.image.as_deref() == Some(image) {
        return Ok(false);
    }
    over(connection, definition, EnvironmentState::Ready)?;
    diesel::update(environments::table.find(&definition.about.id))
        .set((
            environments::state.eq(EnvironmentState::Ready.as_str()),
            environments::image.eq(image),
            environments::size_bytes.eq(size_bytes),
            environments::failure.eq(None::<String>),
            environments::cancelled_by.eq(None::<String>),
            environments::built_at.eq(now()),
        ))
        .execute(connection)?;
    Ok(true)
}

/// The builds of the definition are over, if there were any.
fn over(connection: &mut Connection, definition: &Definition, state: EnvironmentState) -> Result<()> {
    use schema::environment_builds as builds;
    diesel::update(builds::table)
        .filter(builds::environment_id.eq(&definition.about.id))
        .filter(builds::ended_at.is_null())
        .set((builds::ended_at.eq(now()), builds::outcome.eq(state.as_str())))
        .execute(connection)?;
    Ok(())
}

/// A build that somebody broke off has not failed.
pub(super) fn failed(connection: &mut Connection, definition: &Definition, failure: &str) -> Result<()> {
    use schema::environments;
    if current(connection, definition)?.state == EnvironmentState::Cancelled.as_str() {
        return Ok(());
    }
    over(connection, definition, EnvironmentState::Failed)?;
    diesel::update(environments::table.find(&definition.about.id))
        .set((environments::state.eq(EnvironmentState::Failed.as_str()), environments::failure.eq(failure)))
        .execute(connection)?;
    Ok(())
}

/// Somebody breaks the build off. Says whether there was one.
pub(super) fn cancelled(connection: &mut Connection, definition: &Definition, by: &str) -> Result<bool> {
    use schema::environments;
    if current(connection, definition)?.state != EnvironmentState::Building.as_str() {
        return Ok(false);
    }
    over(connection, definition, EnvironmentState::Cancelled)?;
    diesel::update(environments::table.find(&definition.about.id))
        .set((
            environments::state.eq(EnvironmentState::Cancelled.as_str()),
            environments::cancelled_by.eq(by),
        ))
        .execute(connection)?;
    Ok(true)
}

/// The image is not there and nothing builds it. Says whether that is news.
pub(super) fn absent(connection: &mut Connection, definition: &Definition) -> Result<bool> {
    use schema::environments;
    let row = current(connection, definition)?;
    use EnvironmentState::{Absent, Cancelled, Failed};
    let kept = [Absent, Failed, Cancelled].map(EnvironmentState::as_str);
    if kept.contains(&row.state.as_str()) {
        return Ok(false);
    }
    over(connection, definition, EnvironmentState::Absent)?;
    diesel::update(environments::table.find(&definition.about.id))
        .set((
            environments::state.eq(EnvironmentState::Absent.as_str()),
            environments::image.eq(None::<String>),
        ))
        .execute(connection)?;
    Ok(true)
}
