//! Rows of leases. For servers, which act for nobody.

use crate::db::{Connection, schema};
use crate::error::Result;
use diesel::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schema::leases)]
pub(super) struct Row {
    pub(super) holder: String,
    pub(super) fence: i64,
    pub(super) beat: i64,
}

pub(super) fn get(connection: &mut Connection, name: &str) -> Result<Option<Row>> {
    use schema::leases;
    Ok(leases::table.find(name).select(Row::as_select()).first(connection).optional()?)
}

/// Whether nobody has taken the lease since `fence`. What is written in the same transaction is written by
/// its holder.
pub fn is_current(connection: &mut Connection, name: &str, fence: i64) -> Result<bool> {
    Ok(get(connection, name)?.is_none_or(|row| row.fence == fence))
}

/// The holder is alive. `false` if it is not the holder any more.
pub(super) fn beat(connection: &mut Connection, name: &str, holder: &str, fence: i64) -> Result<bool> {
    use schema::leases;
    let changed = diesel::update(leases::table.find(name))
        .filter(leases::holder.eq(holder))
        .filter(leases::fence.eq(fence))
        .set(leases::beat.eq(leases::beat + 1))
        .execute(connection)?;
    Ok(changed > 0)
}

/// Takes the lease unless it has changed since `seen`. Gives the new fence.
pub(super) fn take(
    connection: &mut Connection,
    name: &str,
    holder: &str,
    seen: Option<&Row>,
) -> Result<Option<i64>> {
    use schema::leases;
    let found = get(connection, name)?;
    if found.as_ref() != seen {
        return Ok(None);
    }
    let fence = seen.map_or(0, |row| row.fence) + 1;
    let values = (leases::holder.eq(holder), leases::fence.eq(fence), leases::beat.eq(0));
    let changed = match seen {
        None => {
            diesel::insert_into(leases::table).values((leases::name.eq(name), values)).execute(connection)?
        }
        Some(row) => diesel::update(leases::table.find(name))
            .filter(leases::fence.eq(row.fence))
            .filter(leases::beat.eq(row.beat))
            .set(values)
            .execute(connection)?,
    };
    Ok((changed > 0).then_some(fence))
}
