//! Sessions over HTTP.

use super::idle_watch;
use super::resource::Session;
use super::{admit, lists, options, save, store};
use crate::access::{
    Access, CreateSession, DeleteSession, OpenSession, ReadOrganization, ReadSession, Routes, StartSession,
    StopSession, route,
};
use crate::app::App;
use crate::db::{new_id, now};
use crate::disk;
use crate::error::{Error, Result};
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::idempotency::IdempotencyKey;
use crate::mounts;
use crate::organizations::Organization;
use crate::projects::Project;
use crate::workloads::{Goal, SESSION, WorkloadRow, last_log, request};
use actix_web::{HttpResponse, web};
use atelier_api::session as api;
use atelier_api::session::{AliveReason, EndCause, SessionState};
use atelier_sandbox::Identity;
use std::time::Duration;

/// For Docker to answer while a person waits.
const LOG_PATIENCE: Duration = Duration::from_secs(5);

pub fn routes(routes: &mut Routes) {
    route!(routes, [session_list_all, session_list, session_options, session_create, session_get]);
    route!(routes, [session_start, session_stop, session_extend, session_delete, session_log]);
    save::routes(routes);
}

/// Every session of the organization that the caller may see, the newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/sessions", tag = "sessions",
    params(("organization" = String, Path)), responses((status = 200, body = Vec<api::Session>)))]
async fn session_list_all(
    access: Access<Organization, ReadOrganization>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::Session>>> {
    let shown = app.clone();
    app.db
        .read(move |connection| {
            let rows = lists::of_organization(connection, &access)?;
            Ok(web::Json(store::describe(connection, &shown, &access.caller().user.id, rows)?))
        })
        .await
}

/// The sessions of a project, the newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/sessions",
    tag = "sessions", params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = Vec<api::Session>)))]
async fn session_list(
    access: Access<Project, ReadSession>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::Session>>> {
    let shown = app.clone();
    app.db
        .read(move |connection| {
            let rows = lists::of_project(connection, &access)?;
            Ok(web::Json(store::describe(connection, &shown, &access.caller().user.id, rows)?))
        })
        .await
}

/// What can be started here, and what the caller has left of his or her limits.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/session-options",
    tag = "sessions", params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = api::StartOptions)))]
async fn session_options(
    access: Access<Project, CreateSession>,
    app: web::Data<App>,
) -> Result<web::Json<api::StartOptions>> {
    let shown = app.clone();
    app.db.read(move |connection| Ok(web::Json(options::load(connection, &shown, &access)?))).await
}

/// A new session of the caller's. It starts at once; its steps tell how far it is.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/sessions",
    tag = "sessions", params(("organization" = String, Path), ("project" = String, Path),
        ("idempotency-key" = Option<String>, Header, pattern = "^[ -~]{1,255}$", description = "Repeated, the request is done once")),
    request_body = api::CreateSession, responses((status = 201, body = api::Session)))]
async fn session_create(
    access: Access<Project, CreateSession>,
    key: IdempotencyKey,
    body: Valid<api::CreateSession>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let new = body.0;
    let environment = app.environments.definition(&new.environment);
    let environment = environment
        .ok_or_else(|| Error::invalid_field("environment", "is not an environment that is offered here"))?;
    let tool = app
        .environments
        .tool(&environment.about.id, &new.tool)
        .ok_or_else(|| Error::invalid_field("tool", "is not a tool of this environment"))?;
    admit::docker_answers(&app).await?;
    disk::admit(&app)?;
    let shown = app.clone();
    let session = app
        .db
        .admit(move |connection| {
            let (project, user_id) = (access.row(), &access.caller().user.id);
            if let Some(id) = key.made_before(connection, user_id)? {
                let made = store::by_ids(connection, &shown, user_id, &[&id])?;
                let here = made.into_iter().find(|session| session.project == project.row.slug);
                let elsewhere = "This Idempotency-Key was used for something else. Choose a new one.";
                let here = here.ok_or_else(|| Error::conflict("idempotency-key-used", elsewhere))?;
                return Ok((project.row.id.clone(), here));
            }
            let tier = admit::start(connection, &shown, project, user_id, &new.tier)?;
            let limits = mounts::Limits::of(&shown);
            let data = mounts::check(connection, &shown.policies, project, user_id, limits, &new.data)?;
            let name = new.name.as_deref().map_or(tool.name.as_str(), str::trim);
            let workload = WorkloadRow {
                id: new_id(),
                kind: SESSION.to_owned(),
                organization_id: project.organization.id.clone(),
                project_id: project.row.id.clone(),
                owner_id: user_id.clone(),
                name: name.to_owned(),
                environment_id: new.environment.clone(),
                tool: new.tool.clone(),
                wanted: Goal::Running.as_str().to_owned(),
                stop_cause: None,
                generation: 1,
                created_at: now(),
                wanted_at: now(),
            };
            request::create(connection, &workload, user_id, &tier)?;
            mounts::choose(connection, &workload.id, &data)?;
            key.keep(connection, user_id, &workload.id)?;
            let made = store::by_ids(connection, &shown, user_id, &[&workload.id])?;
            Ok((workload.project_id, made.into_iter().next().ok_or_else(Error::not_found)?))
        })
        .await?;
    changed(&app, &session.0, &session.1.id);
    Ok(HttpResponse::Created().json(session.1))
}

/// One session.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/sessions/{session}",
    tag = "sessions",
    params(("organization" = String, Path), ("project" = String, Path), ("session" = String, Path)),
    responses((status = 200, body = api::Session)))]
async fn session_get(
    access: Access<Session, ReadSession>,
    app: web::Data<App>,
) -> Result<web::Json<api::Session>> {
    let shown = app.clone();
    app.db.read(move |connection| Ok(web::Json(store::one(connection, &shown, &access)?))).await
}

/// Start a stopped session again, if wanted in another size or with other data.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/sessions/{session}/start",
    tag = "sessions",
    params(("organization" = String, Path), ("project" = String, Path), ("session" = String, Path)),
    request_body = api::StartSession, responses((status = 200, body = api::Session)))]
async fn session_start(
    access: Access<Session, StartSession>,
    body: Valid<api::StartSession>,
    app: web::Data<App>,
) -> Result<web::Json<api::Session>> {
    let row = &access.row().row;
    if app.environments.tool(&row.environment_id, &row.tool).is_none() {
        let detail = "Its environment is no longer offered. Start a new session in another one.";
        return Err(Error::conflict("environment-gone", detail));
    }
    admit::docker_answers(&app).await?;
    disk::admit(&app)?;
    let (project_id, id) = (row.project_id.clone(), row.id.clone());
    let shown = app.clone();
    let session = app
        .db
        .admit(move |connection| {
            let user_id = &access.caller().user.id;
            let before = store::one(connection, &shown, &access)?;
            if !matches!(before.state, SessionState::Stopped | SessionState::Failed) {
                let detail = format!("The session is {}; it can be started once it has ended.", before.state);
                return Err(Error::conflict("not-stopped", detail));
            }
            let tier_id = body.0.tier.as_deref().unwrap_or(&before.tier);
            let project = &access.row().project;
            let tier = admit::start(connection, &shown, project, user_id, tier_id)?;
            let policies = &shown.policies;
            match &body.0.data {
                Some(wish) => {
                    let limits = mounts::Limits::of(&shown);
                    let data = mounts::check(connection, policies, project, user_id, limits, wish)?;
                    mounts::choose(connection, &before.id, &data)?;
                }
                None => mounts::recheck(connection, policies, project, user_id, &before.id)?,
            }
            let row = WorkloadRow { generation: before.generation, ..access.row().row.clone() };
            request::start_again(connection, &row, user_id, &tier)?;
            store::one(connection, &shown, &access)
        })
        .await?;
    changed(&app, &project_id, &id);
    Ok(web::Json(session))
}

/// Stop a session. Its files stay.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/sessions/{session}/stop",
    tag = "sessions",
    params(("organization" = String, Path), ("project" = String, Path), ("session" = String, Path)),
    responses((status = 200, body = api::Session)))]
async fn session_stop(
    access: Access<Session, StopSession>,
    app: web::Data<App>,
) -> Result<web::Json<api::Session>> {
    let (project_id, id) = (access.row().row.project_id.clone(), access.row().row.id.clone());
    let shown = app.clone();
    let session = app
        .db
        // Against a generation that changes at the same moment.
        .admit(move |connection| {
            request::stop(connection, &access.row().row.id, EndCause::User)?;
            store::one(connection, &shown, &access)
        })
        .await?;
    changed(&app, &project_id, &id);
    Ok(web::Json(session))
}

/// Keep a session that would soon be stopped as idle: its idle time begins anew.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/sessions/{session}/extend",
    tag = "sessions",
    params(("organization" = String, Path), ("project" = String, Path), ("session" = String, Path)),
    responses((status = 200, body = api::Session)))]
async fn session_extend(
    access: Access<Session, OpenSession>,
    app: web::Data<App>,
) -> Result<web::Json<api::Session>> {
    let (project_id, id) = (access.row().row.project_id.clone(), access.row().row.id.clone());
    let shown = app.clone();
    let session = app
        .db
        .write(move |connection| {
            if store::one(connection, &shown, &access)?.state != SessionState::Running {
                let detail = "The session does not run, so there is nothing to extend.";
                return Err(Error::conflict("not-running", detail));
            }
            let id = &access.row().row.id;
            idle_watch::activity(connection, id, &AliveReason::Extended, now(), None)?;
            store::one(connection, &shown, &access)
        })
        .await?;
    changed(&app, &project_id, &id);
    Ok(web::Json(session))
}

/// Stop a session and take it off the list. The files of its owner in the project stay, and so does its
/// bill.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/projects/{project}/sessions/{session}",
    tag = "sessions",
    params(("organization" = String, Path), ("project" = String, Path), ("session" = String, Path)),
    responses((status = 204)))]
async fn session_delete(access: Access<Session, DeleteSession>, app: web::Data<App>) -> Result<HttpResponse> {
    let (project_id, id) = (access.row().row.project_id.clone(), access.row().row.id.clone());
    app.db.write(move |connection| request::delete(connection, &access.row().row.id, EndCause::User)).await?;
    app.events.tell(Change::SessionDeleted { project_id, session_id: id });
    app.workloads.wake();
    Ok(HttpResponse::NoContent().finish())
}

/// The last lines that the session's container wrote, also after its end.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/sessions/{session}/log",
    tag = "sessions",
    params(("organization" = String, Path), ("project" = String, Path), ("session" = String, Path)),
    responses((status = 200, body = api::SessionLog)))]
async fn session_log(
    access: Access<Session, ReadSession>,
    app: web::Data<App>,
) -> Result<web::Json<api::SessionLog>> {
    let row = &access.row().row;
    let container = Identity::name_of(&row.id, row.generation);
    let read = tokio::time::timeout(LOG_PATIENCE, app.docker.logs_tail(&container, last_log::LINES));
    let silent = |_| Err(atelier_sandbox::Error::Unreachable("no log in time".to_owned()));
    let lines = match read.await.unwrap_or_else(silent) {
        Ok(lines) => lines.into_iter().map(|line| line.text).collect(),
        // Gone, or not made yet.
        Err(atelier_sandbox::Error::NotFound(_)) => {
            let (id, generation) = (row.id.clone(), row.generation);
            app.db.read(move |connection| last_log::kept(connection, &id, generation)).await?
        }
        Err(error) => {
            let detail = "Docker does not answer, so the log cannot be read now. Try again in a moment.";
            return Err(Error::unavailable("docker-unreachable", detail, error));
        }
    };
    Ok(web::Json(api::SessionLog { lines }))
}

fn changed(app: &App, project_id: &str, id: &str) {
    app.events.tell(Change::Session { project_id: project_id.to_owned(), session_id: id.to_owned() });
    app.workloads.wake();
}
