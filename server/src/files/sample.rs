//! The first version of a project "with a sample". Acts for nobody: in the name of who made the project.

use crate::app::App;
use crate::data::{self, Author, Holder, NewVersion};
use crate::db::{Connection, now, schema};
use crate::error::Result;
use crate::projects::sample::FILES;
use atelier_api::data::DataOrigin;
use atelier_api::role::Object;
use atelier_store::{Change, Error as StoreError, Root, TreePath};
use bytes::Bytes;
use diesel::prelude::*;
use futures::stream;

/// Makes the version, if the project is to have one and never had any.
///
/// # Errors
/// If the storage does not answer: ask again.
pub async fn begin_with_sample(app: &App, project_id: &str) -> Result<()> {
    let id = project_id.to_owned();
    let Some(author) = app.db.read(move |connection| wants(connection, &id)).await? else { return Ok(()) };
    let session = app.objects.of(project_id).await?.session([]).await?;
    let mut changes = Vec::new();
    for (name, bytes) in FILES {
        let bytes = stream::iter([Ok::<_, StoreError>(Bytes::from_static(bytes))]);
        changes.push(Ok::<_, StoreError>(Change::file(TreePath::new(name)?, session.write(bytes).await?)));
    }
    let tree = session.commit(Root::empty(), stream::iter(changes)).await?;
    let holder = Holder::for_nobody(project_id, Object::File, project_id);
    app.db
        .admit(move |connection| {
            if wants(connection, holder.project_id())?.is_none() {
                return Ok(());
            }
            let new = NewVersion {
                parent: None,
                restored: None,
                root: &tree.root.to_string(),
                message: "",
                author: &Author { user_id: author.clone(), workload_id: None },
                origin: DataOrigin::Upload,
                files: tree.totals.files.cast_signed(),
                bytes: tree.totals.bytes.cast_signed(),
                stored_bytes: tree.stored.cast_signed(),
                at: now(),
            };
            data::insert_version(connection, &holder, &new).map(drop)
        })
        .await
}

/// Who made the project, if it still has to get its sample.
fn wants(connection: &mut Connection, project_id: &str) -> Result<Option<String>> {
    use schema::{data_versions as versions, projects};
    let had = versions::table
        .filter(versions::object.eq(Object::File.as_str()))
        .filter(versions::object_id.eq(project_id))
        .count();
    if had.get_result::<i64>(connection)? > 0 {
        return Ok(None);
    }
    Ok(projects::table
        .find(project_id)
        .filter(projects::sample.eq(true))
        .filter(projects::deleted_at.is_null())
        .select(projects::created_by)
        .first(connection)
        .optional()?)
}
