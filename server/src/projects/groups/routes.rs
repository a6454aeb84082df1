//! The groups in a project over HTTP.

use super::resource::ProjectGroup;
use super::store;
use crate::access::{Access, CreateMember, DeleteMember, ReadMember, Routes, UpdateMember, route};
use crate::app::App;
use crate::error::Result;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::http::version::{IfMatch, Tagged};
use crate::projects::Project;
use crate::projects::members::{Search, tell};
use actix_web::{HttpResponse, web};
use atelier_api::group as api;
use atelier_api::member::UpdateMember as Change;

pub(in crate::projects) fn routes(routes: &mut Routes) {
    route!(
        routes,
        [
            project_group_list,
            project_group_candidates,
            project_group_add,
            project_group_update,
            project_group_remove
        ]
    );
}

/// The groups that have a role in a project, by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/groups", tag = "members",
    params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = Vec<api::ProjectGroup>)))]
async fn project_group_list(
    access: Access<Project, ReadMember>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::ProjectGroup>>> {
    app.db.read(move |connection| Ok(web::Json(store::list(connection, &access)?))).await
}

/// Groups of the organization that could be given a role: the first 20 by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/group-candidates",
    tag = "members",
    params(("organization" = String, Path), ("project" = String, Path),
        ("search" = Option<String>, Query, description = "Part of the name or the description")),
    responses((status = 200, body = Vec<api::GroupCandidate>)))]
async fn project_group_candidates(
    access: Access<Project, CreateMember>,
    search: Query<Search>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::GroupCandidate>>> {
    let search = search.0.search;
    app.db
        .read(move |connection| Ok(web::Json(store::candidates(connection, &access, search.as_deref())?)))
        .await
}

/// Give a group of the organization a role. Everybody in it has it.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/groups", tag = "members",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::AddProjectGroup,
    responses((status = 201, body = api::ProjectGroup), (status = 409), (status = 422)))]
async fn project_group_add(
    access: Access<Project, CreateMember>,
    body: Valid<api::AddProjectGroup>,
    app: web::Data<App>,
) -> Result<Tagged<api::ProjectGroup>> {
    let project = access.row().clone();
    let group = app.db.admit(move |connection| store::add(connection, &access, &body.0)).await?;
    tell(&app, project);
    Ok(Tagged::created(group))
}

/// Give a group another role. What its people may no longer run stops.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/projects/{project}/groups/{group}",
    tag = "members",
    params(("organization" = String, Path), ("project" = String, Path), ("group" = String, Path), IfMatch),
    request_body = Change,
    responses((status = 200, body = api::ProjectGroup), (status = 409), (status = 412), (status = 422)))]
async fn project_group_update(
    access: Access<ProjectGroup, UpdateMember>,
    body: Valid<Change>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::ProjectGroup>> {
    let project = access.row().project.clone();
    let (group, revoked) =
        app.db.admit(move |connection| store::update(connection, &access, &if_match, &body.0)).await?;
    revoked.tell(&app);
    tell(&app, project);
    Ok(Tagged::ok(group))
}

/// Take a group out of the project. What its people may no longer run stops.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/projects/{project}/groups/{group}",
    tag = "members",
    params(("organization" = String, Path), ("project" = String, Path), ("group" = String, Path), IfMatch),
    responses((status = 204), (status = 409), (status = 412)))]
async fn project_group_remove(
    access: Access<ProjectGroup, DeleteMember>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let project = access.row().project.clone();
    let revoked = app.db.admit(move |connection| store::remove(connection, &access, &if_match)).await?;
    revoked.tell(&app);
    tell(&app, project);
    Ok(HttpResponse::NoContent().finish())
}
