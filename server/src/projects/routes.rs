//! Projects over HTTP.

use super::resource::Project;
use super::store;
use crate::access::{
    Access, CreateProject, DeleteProject, Permission, ReadOrganization, ReadProject, Routes, UpdateProject,
    route,
};
use crate::app::App;
use crate::error::{Error, Result};
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::organizations::Organization;
use actix_web::{HttpResponse, web};
use atelier_api as api;
use atelier_api::page::Page;
use atelier_policies::RoleName;
use serde::Deserialize;

pub fn routes(routes: &mut Routes) {
    route!(routes, [list, create, get, update, delete]);
}

/// The projects of an organization that the caller may see, by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects", tag = "projects",
    params(("organization" = String, Path), api::project::ProjectFilter),
    responses((status = 200, body = Page<api::project::Project>)))]
async fn list(
    access: Access<Organization, ReadOrganization>,
    filter: Query<api::project::ProjectFilter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::project::Project>>> {
    let filter = filter.0;
    app.db
        .read(move |connection| {
            let (projects, next) = store::list(connection, &access, &filter)?;
            let counts = store::counts(connection, &projects)?;
            let items = projects
                .iter()
                .zip(counts)
                .map(|(project, counts)| {
                    let roles: Vec<RoleName> =
                        access.roles().iter().cloned().chain(project.role_name()).collect();
                    to_api(project, counts, access.policy().permissions(&roles))
                })
                .collect();
            Ok(web::Json(Page { items, next }))
        })
        .await
}

/// A new project. Its maker becomes its owner.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects", tag = "projects",
    params(("organization" = String, Path)), request_body = api::project::CreateProject,
    responses((status = 201, body = api::project::Project)))]
async fn create(
    access: Access<Organization, CreateProject>,
    body: Valid<api::project::CreateProject>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let new = body.0;
    let organization_id = access.row().id.clone();
    let project = app
        .db
        .admit(move |connection| {
            let row = store::create(connection, &access, &new.name, &new.description, false)?;
            let owner = api::role::ProjectRole::Owner;
            let roles: Vec<RoleName> = access.roles().iter().cloned().chain([owner.into()]).collect();
            let organization = access.row().clone();
            let project = Project { organization, row, member_role: Some(owner), custom_role: None };
            Ok(to_api(&project, (1, 0), access.policy().permissions(&roles)))
        })
        .await?;
    app.events.tell(Change::Projects { organization_id });
    Ok(HttpResponse::Created().json(project))
}

/// One project.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}", tag = "projects",
    params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = api::project::Project)))]
async fn get(
    access: Access<Project, ReadProject>,
    app: web::Data<App>,
) -> Result<web::Json<api::project::Project>> {
    app.db.read(move |connection| Ok(web::Json(described(connection, &access)?))).await
}

/// Rename, describe, archive or bring back.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/projects/{project}", tag = "projects",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::project::UpdateProject,
    responses((status = 200, body = api::project::Project)))]
async fn update(
    access: Access<Project, UpdateProject>,
    body: Valid<api::project::UpdateProject>,
    app: web::Data<App>,
) -> Result<web::Json<api::project::Project>> {
    let project_id = access.row().row.id.clone();
    let project = app
        .db
        .write(move |connection| {
            store::update(connection, &access, &body.0)?;
            described(connection, &access)
        })
        .await?;
    app.events.tell(Change::Project { project_id });
    Ok(web::Json(project))
}

#[derive(Deserialize)]
struct Confirmation {
    confirm: String,
}

/// Delete a project for good. What runs in it stops; its bill stays.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/projects/{project}", tag = "projects",
    params(("organization" = String, Path), ("project" = String, Path),
        ("confirm" = String, Query, description = "The project's name")),
    responses((status = 204)))]
async fn delete(
    access: Access<Project, DeleteProject>,
    confirmation: Query<Confirmation>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    if confirmation.0.confirm != access.row().row.name {
        return Err(Error::invalid_field("confirm", "must be the project's name"));
    }
    let organization_id = access.row().organization.id.clone();
    app.db.write(move |connection| store::delete(connection, &access)).await?;
    app.workloads.wake();
    app.events.tell(Change::Projects { organization_id });
    Ok(HttpResponse::NoContent().finish())
}

fn described<P: Permission>(
    connection: &mut crate::db::Connection,
    access: &Access<Project, P>,
) -> Result<api::project::Project> {
    let project = store::reload(connection, access)?;
    let counts = store::counts(connection, std::slice::from_ref(&project))?;
    Ok(to_api(&project, counts.first().copied().unwrap_or_default(), access.permissions()))
}

fn to_api(
    project: &Project,
    (members, running): (i64, i64),
    permissions: Vec<api::role::Permission>,
) -> api::project::Project {
    let row = &project.row;
    api::project::Project {
        id: row.id.clone(),
        slug: row.slug.clone(),
        name: row.name.clone(),
        description: row.description.clone(),
        archived_at: row.archived_at,
        created_at: row.created_at,
        role: project.member_role,
        members,
        running,
        month: None,
        permissions,
    }
}
