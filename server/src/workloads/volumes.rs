//! The folders that stay: one for work, one for results and one home per person and project. The row is there before the
//! volume, so that no volume is ever nobody's.

use super::start::Trouble;
use crate::app::App;
use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use atelier_sandbox::VolumeMount;
use diesel::prelude::*;
use std::path::Path;

/// What a folder is for, and where containers see it.
const PURPOSES: [(&str, &str); 3] =
    [("work", WORK_FOLDER), ("home", "/home/atelier"), ("results", RESULTS_FOLDER)];
/// Each person's copy of the project's files.
pub(super) const WORK_FOLDER: &str = "/work";
/// What a person writes there becomes the project's results.
pub(super) const RESULTS_FOLDER: &str = "/results";

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::volumes)]
struct VolumeRow {
    name: String,
    purpose: String,
    prepared_at: Option<i64>,
}

/// The person's folders in the project, made and prepared if this is the first time.
pub(super) async fn ready(
    app: &App,
    agent: &Path,
    (project_id, user_id): (&str, &str),
) -> Result<Vec<VolumeMount>, Trouble> {
    let (project, user) = (project_id.to_owned(), user_id.to_owned());
    let rows = app.db.write(move |connection| rows(connection, &project, &user)).await?;
    let installation = app.workloads.installation();
    for row in &rows {
        app.docker.ensure_volume(installation, &row.name).await?;
    }
    let fresh: Vec<&VolumeRow> = rows.iter().filter(|row| row.prepared_at.is_none()).collect();
    if !fresh.is_empty() {
        let names: Vec<&str> = fresh.iter().map(|row| row.name.as_str()).collect();
        app.docker.prepare_volumes(installation, agent, &names).await?;
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        app.db.write(move |connection| prepared(connection, &names)).await?;
    }
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let (_, target) = PURPOSES.iter().find(|(purpose, _)| *purpose == row.purpose)?;
            Some(VolumeMount { volume: row.name, target: (*target).to_owned(), read_only: false })
        })
        .collect())
}

fn rows(connection: &mut Connection, project_id: &str, user_id: &str) -> Result<Vec<VolumeRow>> {
    use schema::volumes;
    for (purpose, _) in PURPOSES {
        let of_purpose = volumes::table
            .filter(volumes::project_id.eq(project_id))
            .filter(volumes::user_id.eq(user_id))
            .filter(volumes::purpose.eq(purpose));
        if of_purpose.count().get_result::<i64>(connection)? == 0 {
            diesel::insert_into(volumes::table)
                .values((
                    volumes::name.eq(format!("atelier-{}", new_id())),
                    volumes::project_id.eq(project_id),
                    volumes::user_id.eq(user_id),
                    volumes::purpose.eq(purpose),
                    volumes::created_at.eq(now()),
                ))
                .execute(connection)?;
        }
    }
    Ok(volumes::table
        .filter(volumes::project_id.eq(project_id))
        .filter(volumes::user_id.eq(user_id))
        .select(VolumeRow::as_select())
        .load(connection)?)
}

fn prepared(connection: &mut Connection, names: &[String]) -> Result<()> {
    use schema::volumes;
    diesel::update(volumes::table.filter(volumes::name.eq_any(names)))
        .set(volumes::prepared_at.eq(now()))
        .execute(connection)?;
    Ok(())
}
