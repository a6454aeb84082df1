//! The name by which this installation's containers, volumes and networks are known on a Docker daemon.

use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use diesel::prelude::*;

/// The installation's id, made at the first start. Call it in an admission: two servers agree on one.
pub fn id(connection: &mut Connection) -> Result<String> {
    use schema::installation;
    let known: Option<String> = installation::table.select(installation::id).first(connection).optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = new_id();
    diesel::insert_into(installation::table)
        .values((installation::id.eq(&id), installation::created_at.eq(now())))
        .execute(connection)?;
    Ok(id)
}
