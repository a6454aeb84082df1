//! What nobody needs any more: networks of projects where nothing runs, volumes of deleted projects and of
//! people who left, bills left open.

use super::Goal;
use crate::app::App;
use crate::billing::{Moment, ledger};
use crate::db::{Connection, schema};
use crate::environments;
use crate::error::Result;
use crate::mounts;
use atelier_api::session::SessionState;
use atelier_sandbox::Error;
use diesel::prelude::*;
use std::time::Duration;

pub(super) const EVERY: Duration = Duration::from_secs(20);

pub(super) async fn sweep(app: &App) -> anyhow::Result<()> {
    // One that is stuck must not keep the others.
    let (networks, volumes, bills) = (networks(app).await, volumes(app).await, bills(app).await);
    bills.and(volumes).and(networks).and(mounts::sweep(app).await)
}

/// A project's network goes with its last workload.
async fn networks(app: &App) -> anyhow::Result<()> {
    let installation = app.workloads.installation();
    let builds = environments::network(installation);
    let mut projects = app.docker.networked_projects(installation).await?;
    let used = app.db.read(projects_in_use).await?;
    projects.retain(|project| *project != builds && !used.contains(project));
    if projects.is_empty() {
        return Ok(());
    }
    let _nothing_starts = app.workloads.0.networks.write().await;
    let used = app.db.read(projects_in_use).await?;
    for project in projects.iter().filter(|project| !used.contains(project)) {
        app.docker.remove_network_if_empty(project).await?;
    }
    Ok(())
}

fn projects_in_use(connection: &mut Connection) -> Result<Vec<String>> {
    use schema::{workload_status as status, workloads};
    let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
    Ok(workloads::table
        .inner_join(status::table)
        .filter(workloads::wanted.eq(Goal::Running.as_str()).or(status::state.ne_all(over)))
        .select(workloads::project_id)
        .distinct()
        .load(connection)?)
}

/// The folders of a deleted project, and of who left the organization, go when nothing uses them any more.
async fn volumes(app: &App) -> anyhow::Result<()> {
    let abandoned: Vec<String> = app
        .db
        .read(|connection| {
            use schema::{organization_members as people, projects, volumes};
            let here = people::organization_id
                .eq(projects::organization_id)
                .and(people::user_id.eq(volumes::user_id));
            Ok(volumes::table
                .inner_join(projects::table)
                .left_join(people::table.on(here))
                .filter(projects::deleted_at.is_not_null().or(people::user_id.nullable().is_null()))
                .select(volumes::name)
                .load(connection)?)
        })
        .await?;
    for name in abandoned {
        match app.docker.remove_volume(&name).await {
            Ok(()) => {}
            // A container that uses it still goes.
            Err(Error::Conflict(_)) => continue,
            Err(error) => return Err(error.into()),
        }
        app.db
            .write(move |connection| {
                diesel::delete(schema::volumes::table.find(&name)).execute(connection)?;
                Ok(())
            })
            .await?;
    }
    Ok(())
}

/// A bill stays open only as long as its container may still be there.
async fn bills(app: &App) -> anyhow::Result<()> {
    let open = app.db.read(open_without_workload).await?;
    for container in open {
        match app.docker.inspect(&format!("atelier-{container}")).await {
            Err(Error::NotFound(_)) => {}
            Ok(_) => continue,
            Err(error) => return Err(error.into()),
        }
        let moment = Moment::now();
        app.db
            .write(move |connection| {
                ledger::close(connection, &container, ledger::Ending::default(), &moment).map(drop)
            })
            .await?;
    }
    Ok(())
}

/// Open bills that no start under way or running stands behind.
fn open_without_workload(connection: &mut Connection) -> Result<Vec<String>> {
    use schema::{workload_status as status, workloads};
    let open = ledger::open_containers(connection)?;
    if open.is_empty() {
        return Ok(open);
    }
    let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
    let alive: Vec<(String, i64)> = workloads::table
        .inner_join(status::table)
        .filter(workloads::wanted.eq(Goal::Running.as_str()).or(status::state.ne_all(over)))
        .select((workloads::id, workloads::generation))
        .load(connection)?;
    let alive: Vec<String> = alive.iter().map(|(id, n)| ledger::container(id, *n)).collect();
    Ok(open.into_iter().filter(|container| !alive.contains(container)).collect())
}
