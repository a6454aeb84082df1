//! Projects over HTTP.

use super::describe::describe;
use super::resource::Project;
use super::store;
use super::{groups, members};
use crate::access::{
    Access, CreateProject, DeleteProject, HeldRole, Permission, ReadOrganization, ReadProject, Resource,
    Routes, UpdateProject, route,
};
use crate::app::App;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::http::version::{IfMatch, Tagged};
use crate::organizations::Organization;
use actix_web::{HttpResponse, web};
use atelier_api as api;
use atelier_api::page::Page;
use serde::Deserialize;

pub fn routes(routes: &mut Routes) {
    route!(routes, [project_list, project_create, project_get, project_update, project_delete]);
    members::routes(routes);
    groups::routes(routes);
}

/// The projects of an organization that the caller may see, by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects", tag = "projects",
    params(("organization" = String, Path), api::project::ProjectFilter),
    responses((status = 200, body = Page<api::project::Project>)))]
async fn project_list(
    access: Access<Organization, ReadOrganization>,
    filter: Query<api::project::ProjectFilter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::project::Project>>> {
    let filter = filter.0;
    app.db
        .read(move |connection| {
            let (projects, next) = store::list(connection, &access, &filter)?;
            let items = describe(connection, &access, &projects)?;
            Ok(web::Json(Page { items, next }))
        })
        .await
}

/// A new project. Its maker becomes its owner.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects", tag = "projects",
    params(("organization" = String, Path)), request_body = api::project::CreateProject,
    responses((status = 201, body = api::project::Project)))]
async fn project_create(
    access: Access<Organization, CreateProject>,
    body: Valid<api::project::CreateProject>,
    app: web::Data<App>,
) -> Result<Tagged<api::project::Project>> {
    let new = body.0;
    let organization_id = access.row().id.clone();
    let project = app
        .db
        .admit(move |connection| {
            let row = store::create(connection, &access, &new.name, &new.description, false)?;
            let held = vec![HeldRole { base: api::role::ProjectRole::Owner, custom: None }];
            let project = Project { organization: access.row().clone(), row, held };
            one(connection, &access, project)
        })
        .await?;
    app.events.tell(Change::Projects { organization_id });
    Ok(Tagged::created(project))
}

/// One project.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}", tag = "projects",
    params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = api::project::Project)))]
async fn project_get(
    access: Access<Project, ReadProject>,
    app: web::Data<App>,
) -> Result<Tagged<api::project::Project>> {
    app.db.read(move |connection| Ok(Tagged::ok(current(connection, &access)?))).await
}

/// Rename, describe, archive or bring back.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/projects/{project}", tag = "projects",
    params(("organization" = String, Path), ("project" = String, Path), IfMatch),
    request_body = api::project::UpdateProject,
    responses((status = 200, body = api::project::Project), (status = 412)))]
async fn project_update(
    access: Access<Project, UpdateProject>,
    body: Valid<api::project::UpdateProject>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::project::Project>> {
    let project_id = access.row().row.id.clone();
    let organization_id = access.row().organization.id.clone();
    let project = app
        .db
        .write(move |connection| {
            store::update(connection, &access, &if_match, &body.0)?;
            current(connection, &access)
        })
        .await?;
    app.events.tell(Change::Project { project_id });
    app.events.tell(Change::Projects { organization_id });
    Ok(Tagged::ok(project))
}

#[derive(Deserialize)]
struct Confirmation {
    confirm: String,
}

/// Delete a project for good. What runs in it stops; its bill stays.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/projects/{project}", tag = "projects",
    params(("organization" = String, Path), ("project" = String, Path), IfMatch,
        ("confirm" = String, Query, description = "The project's name")),
    responses((status = 204), (status = 412)))]
async fn project_delete(
    access: Access<Project, DeleteProject>,
    confirmation: Query<Confirmation>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    if confirmation.0.confirm.trim() != access.row().row.name {
        return Err(Error::invalid_field("confirm", "must be the project's name"));
    }
    let organization_id = access.row().organization.id.clone();
    app.db.admit(move |connection| store::delete(connection, &access, &if_match)).await?;
    app.workloads.wake();
    app.events.tell(Change::Projects { organization_id });
    Ok(HttpResponse::NoContent().finish())
}

/// The project as it is now, after a change.
fn current<P: Permission>(
    connection: &mut Connection,
    access: &Access<Project, P>,
) -> Result<api::project::Project> {
    let project = store::reload(connection, access)?;
    one(connection, access, project)
}

fn one<R: Resource, P: Permission>(
    connection: &mut Connection,
    access: &Access<R, P>,
    project: Project,
) -> Result<api::project::Project> {
    describe(connection, access, &[project])?.pop().ok_or_else(Error::not_found)
}
