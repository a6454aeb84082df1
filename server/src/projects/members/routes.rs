//! A project's members over HTTP.

use super::resource::ProjectMember;
use super::store;
use crate::access::{Access, CreateMember, DeleteMember, ReadMember, Routes, UpdateMember, route};
use crate::app::App;
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::projects::Project;
use actix_web::{HttpResponse, web};
use atelier_api as api;
use serde::Deserialize;

pub(in crate::projects) fn routes(routes: &mut Routes) {
    route!(routes, [member_list, member_candidates, member_add, member_update, member_remove]);
}

/// The members of a project, by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/members", tag = "members",
    params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = Vec<api::member::Member>)))]
async fn member_list(
    access: Access<Project, ReadMember>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::member::Member>>> {
    app.db.read(move |connection| Ok(web::Json(store::list(connection, &access)?))).await
}

#[derive(Deserialize)]
struct Search {
    search: Option<String>,
}

/// People of the organization who could become members: the first 20 by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/member-candidates",
    tag = "members",
    params(("organization" = String, Path), ("project" = String, Path),
        ("search" = Option<String>, Query, description = "Part of the name or the address")),
    responses((status = 200, body = Vec<api::member::Candidate>)))]
async fn member_candidates(
    access: Access<Project, CreateMember>,
    search: Query<Search>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::member::Candidate>>> {
    let search = search.0.search;
    app.db
        .read(move |connection| Ok(web::Json(store::candidates(connection, &access, search.as_deref())?)))
        .await
}

/// Add a person of the organization.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/members", tag = "members",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::member::AddMember,
    responses((status = 201, body = api::member::Member), (status = 409), (status = 422)))]
async fn member_add(
    access: Access<Project, CreateMember>,
    body: Valid<api::member::AddMember>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let project = access.row().clone();
    let member = app.db.admit(move |connection| store::add(connection, &access, &body.0)).await?;
    tell(&app, project);
    Ok(HttpResponse::Created().json(member))
}

/// Give a member another role.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/projects/{project}/members/{person}",
    tag = "members",
    params(("organization" = String, Path), ("project" = String, Path), ("person" = String, Path)),
    request_body = api::member::UpdateMember,
    responses((status = 200, body = api::member::Member), (status = 409), (status = 422)))]
async fn member_update(
    access: Access<ProjectMember, UpdateMember>,
    body: Valid<api::member::UpdateMember>,
    app: web::Data<App>,
) -> Result<web::Json<api::member::Member>> {
    let project = access.row().project.clone();
    let (member, revoked) = app
        .db
        .admit(move |connection| {
            store::update(connection, &access, body.0.role, body.0.custom_role.as_deref())
        })
        .await?;
    revoked.tell(&app);
    tell(&app, project);
    Ok(web::Json(member))
}

/// Take a member out of the project. What he or she runs in it stops.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/projects/{project}/members/{person}",
    tag = "members",
    params(("organization" = String, Path), ("project" = String, Path), ("person" = String, Path)),
    responses((status = 204), (status = 409)))]
async fn member_remove(
    access: Access<ProjectMember, DeleteMember>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let project = access.row().project.clone();
    let revoked = app.db.admit(move |connection| store::remove(connection, &access)).await?;
    revoked.tell(&app);
    tell(&app, project);
    Ok(HttpResponse::NoContent().finish())
}

/// The members changed, and for the one concerned the list of projects.
fn tell(app: &App, project: Project) {
    app.events.tell(Change::Members { project_id: project.row.id });
    app.events.tell(Change::Projects { organization_id: project.organization.id });
}
