//! Environments over HTTP.

use super::definition::Definition;
use super::store;
use crate::access::{Access, BuildEnvironment, ReadEnvironment, Routes, route};
use crate::app::App;
use crate::disk;
use crate::error::{Error, Result};
use crate::events::Change;
use crate::organizations::Organization;
use actix_web::web;
use atelier_api as api;
use atelier_api::environment::EnvironmentState;
use std::sync::Arc;

pub fn routes(routes: &mut Routes) {
    route!(routes, [environment_list, environment_build, environment_cancel, environment_log]);
}

/// The environments that sessions can have.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/environments", tag = "environments",
    params(("organization" = String, Path)),
    responses((status = 200, body = Vec<api::environment::Environment>)))]
async fn environment_list(
    access: Access<Organization, ReadEnvironment>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::environment::Environment>>> {
    let shown = app.db.read(move |connection| store::shown(connection, &access.row().id)).await?;
    Ok(web::Json(app.environments.described(&shown)))
}

/// Build the image now, unless it is there or under way.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/environments/{environment}/build",
    tag = "environments", params(("organization" = String, Path), ("environment" = String, Path)),
    responses((status = 200, body = api::environment::Environment)))]
async fn environment_build(
    access: Access<Organization, BuildEnvironment>,
    path: web::Path<(String, String)>,
    app: web::Data<App>,
) -> Result<web::Json<api::environment::Environment>> {
    let (_, id) = path.into_inner();
    let definition = app.environments.definition(&id).ok_or_else(Error::not_found)?;
    let away = "Docker does not answer, so nothing can be built now. Try again in a moment.";
    let image = app.docker.image(&definition.tag()).await;
    match image.map_err(|error| Error::unavailable("docker-unreachable", away, error))? {
        Some(image) => app.environments.found(&app, &definition, &image).await,
        None => {
            disk::admit(&app)?;
            begin(&app, definition, access.caller().user.id.clone()).await?;
        }
    }
    let mut environment = described(&app, access.row(), &id).await?;
    // The build writes its row a moment later.
    if app.environments.build_under_way(&id).is_some() {
        environment.state = EnvironmentState::Building;
    }
    Ok(web::Json(environment))
}

async fn described(
    app: &App,
    organization: &Organization,
    id: &str,
) -> Result<api::environment::Environment> {
    let organization_id = organization.id.clone();
    let shown = app.db.read(move |connection| store::shown(connection, &organization_id)).await?;
    let found = app.environments.described(&shown).into_iter().find(|environment| environment.id == id);
    found.ok_or_else(Error::not_found)
}

/// Break off the build under way. Sessions that wait for it fail and say so; the next build begins with what
/// this one has done.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/environments/{environment}/cancel",
    tag = "environments", params(("organization" = String, Path), ("environment" = String, Path)),
    responses((status = 200, body = api::environment::Environment), (status = 409)))]
async fn environment_cancel(
    access: Access<Organization, BuildEnvironment>,
    path: web::Path<(String, String)>,
    app: web::Data<App>,
) -> Result<web::Json<api::environment::Environment>> {
    let (_, id) = path.into_inner();
    let definition = app.environments.definition(&id).ok_or_else(Error::not_found)?;
    let who = access.caller().user.id.clone();
    // The row first: a server elsewhere may be the one that builds.
    if !app.db.write(move |connection| store::cancelled(connection, &definition, &who)).await? {
        return Err(Error::conflict("not-building", "No build of this environment is under way."));
    }
    if let Some(running) = app.environments.build_under_way(&id) {
        running.cancel();
    }
    app.events.tell(Change::Environment { id: id.clone() });
    Ok(web::Json(described(&app, access.row(), &id).await?))
}

/// Builds here, or leaves it to the server that builds for all.
async fn begin(app: &web::Data<App>, definition: Arc<Definition>, cause: String) -> Result<()> {
    let id = definition.about.id.clone();
    match app.workloads.lease().fence() {
        Some(_) => drop(app.environments.join_or_begin(app, definition, Some(cause))),
        None => {
            app.db.write(move |connection| store::building(connection, &definition, Some(&cause))).await?;
            app.events.tell(Change::Environment { id });
        }
    }
    Ok(())
}

/// The last lines of the build under way, or of the last one since the server started.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/environments/{environment}/log",
    tag = "environments", params(("organization" = String, Path), ("environment" = String, Path)),
    responses((status = 200, body = api::environment::BuildLog)))]
async fn environment_log(
    _: Access<Organization, ReadEnvironment>,
    path: web::Path<(String, String)>,
    app: web::Data<App>,
) -> Result<web::Json<api::environment::BuildLog>> {
    let (_, id) = path.into_inner();
    let definition = app.environments.definition(&id).ok_or_else(Error::not_found)?;
    let lines = app.environments.builds().get(&id).map(super::build::Running::lines).unwrap_or_default();
    let rows = app.db.read(store::all).await?;
    let row = rows.get(&id).filter(|row| row.definition_hash == definition.hash);
    Ok(web::Json(api::environment::BuildLog {
        state: row.and_then(|row| row.state.parse().ok()).unwrap_or(EnvironmentState::Absent),
        started_at: row.and_then(|row| row.started_at),
        lines,
    }))
}
