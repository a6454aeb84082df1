//! What the trash forgets. Acts for nobody: called by the nouns' background tasks. The rows stay, so that
//! numbers are never given again; the trees are garbage from then on.

use super::told;
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::storage;
use atelier_api::role::Object;
use diesel::prelude::*;
use schema::data_versions as versions;

/// Whether there is a version that went into the trash by then.
pub fn any_to_remove(connection: &mut Connection, trashed_by: i64) -> Result<bool> {
    let due = versions::table
        .filter(versions::trashed_at.le(trashed_by))
        .filter(versions::removed_at.is_null())
        .count();
    Ok(due.get_result::<i64>(connection)? > 0)
}

/// Forgets the versions that went into the trash by then.
pub fn remove_trashed(connection: &mut Connection, trashed_by: i64) -> Result<()> {
    let due =
        versions::table.filter(versions::trashed_at.le(trashed_by)).filter(versions::removed_at.is_null());
    let projects = due.select(versions::project_id).distinct().load(connection)?;
    let keys: Vec<(String, String, i64)> =
        due.select((versions::object, versions::object_id, versions::number)).load(connection)?;
    for (object, id, number) in &keys {
        told::forget(connection, (object, id), Some(*number))?;
    }
    diesel::update(due).set(versions::removed_at.eq(now())).execute(connection)?;
    storage::changed(connection, &projects)
}

/// Forgets all versions and tags of something that is gone itself.
pub fn remove_all(connection: &mut Connection, object: Object, id: &str) -> Result<()> {
    use schema::data_tags as tags;
    let its = versions::table
        .filter(versions::object.eq(object.as_str()))
        .filter(versions::object_id.eq(id))
        .filter(versions::removed_at.is_null());
    let projects = its.select(versions::project_id).distinct().load(connection)?;
    diesel::update(its).set(versions::removed_at.eq(now())).execute(connection)?;
    storage::changed(connection, &projects)?;
    told::forget(connection, (object.as_str(), id), None)?;
    let its = tags::table.filter(tags::object.eq(object.as_str())).filter(tags::object_id.eq(id));
    diesel::delete(its).execute(connection)?;
    Ok(())
}
