//! What can be started in a project, and what the caller has left.

use super::admit::Limits;
use crate::access::{Access, CreateSession};
use crate::app::App;
use crate::db::Connection;
use crate::environments;
use crate::error::Result;
use crate::mounts;
use crate::projects::Project;
use crate::tiers;
use atelier_api::session::StartOptions;

pub(super) fn load(
    connection: &mut Connection,
    app: &App,
    access: &Access<Project, CreateSession>,
) -> Result<StartOptions> {
    let organization = &access.row().organization;
    let all = tiers::store::all(connection, &organization.id)?;
    let offered = all.into_iter().filter(|tier| tier.archived_at.is_none()).collect();
    let environments = environments::store::shown(connection, &organization.id)?;
    let limits = Limits::load(connection, &organization.id, &access.caller().user.id)?;
    Ok(StartOptions {
        tiers: tiers::describe(connection, &app.host, access, organization, offered)?,
        environments: app.environments.described(&environments),
        running: limits.running,
        sessions_at_once: limits.sessions_at_once,
        spent_this_month: limits.spent_this_month,
        monthly_limit: limits.monthly_limit,
        data_version_limit: Some(mounts::Limits::of(app).version).filter(|limit| *limit > 0),
    })
}
