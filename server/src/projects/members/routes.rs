//! A project's members over HTTP.

use super::resource::ProjectMember;
use super::{list, store};
use crate::access::{Access, CreateMember, DeleteMember, ReadMember, Routes, UpdateMember, route};
use crate::app::App;
use crate::error::Result;
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::http::version::{IfMatch, Tagged};
use crate::projects::Project;
use actix_web::{HttpResponse, web};
use atelier_api as api;
use serde::Deserialize;

pub(in crate::projects) fn routes(routes: &mut Routes) {
    route!(routes, [member_list, member_candidates, member_add, member_update, member_remove]);
}

/// Everybody in a project, by name, and through what.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/members", tag = "members",
    params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = Vec<api::member::Member>)))]
async fn member_list(
    access: Access<Project, ReadMember>,
    app: web::Data<App>,
) -> Result<web::Json<Vec<api::member::Member>>> {
    app.db.read(move |connection| Ok(web::Json(list::list(connection, &access)?))).await
}

#[derive(Deserialize)]
pub(in crate::projects) struct Search {
    pub(in crate::projects) search: Option<String>,
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
        .read(move |connection| Ok(web::Json(list::candidates(connection, &access, search.as_deref())?)))
        .await
}

/// Add a person of the organization, or keep one out: with the role `no-access`, whatever groups and the
/// organization would give.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/members", tag = "members",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::member::AddMember,
    responses((status = 201, body = api::member::Member), (status = 409), (status = 422)))]
async fn member_add(
    access: Access<Project, CreateMember>,
    body: Valid<api::member::AddMember>,
    app: web::Data<App>,
) -> Result<Tagged<api::member::Member>> {
    let project = access.row().clone();
    let (member, revoked) = app
        .db
        .admit(move |connection| {
            let revoked = store::add(connection, &access, &body.0)?;
            Ok((list::one(connection, access.row(), &body.0.person)?, revoked))
        })
        .await?;
    revoked.tell(&app);
    tell(&app, project);
    Ok(Tagged::created(member))
}

/// Give a member another role. What he or she may no longer run stops.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/projects/{project}/members/{person}",
    tag = "members",
    params(("organization" = String, Path), ("project" = String, Path), ("person" = String, Path), IfMatch),
    request_body = api::member::UpdateMember,
    responses((status = 200, body = api::member::Member), (status = 409), (status = 412), (status = 422)))]
async fn member_update(
    access: Access<ProjectMember, UpdateMember>,
    body: Valid<api::member::UpdateMember>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::member::Member>> {
    let project = access.row().project.clone();
    let (member, revoked) = app
        .db
        .admit(move |connection| {
            let revoked = store::update(connection, &access, &if_match, &body.0)?;
            let ProjectMember { project, row: person } = access.row();
            Ok((list::one(connection, project, person)?, revoked))
        })
        .await?;
    revoked.tell(&app);
    tell(&app, project);
    Ok(Tagged::ok(member))
}

/// Take a member's own role away. What he or she may no longer run stops.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/projects/{project}/members/{person}",
    tag = "members",
    params(("organization" = String, Path), ("project" = String, Path), ("person" = String, Path), IfMatch),
    responses((status = 204), (status = 409), (status = 412)))]
async fn member_remove(
    access: Access<ProjectMember, DeleteMember>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let project = access.row().project.clone();
    let revoked = app.db.admit(move |connection| store::remove(connection, &access, &if_match)).await?;
    revoked.tell(&app);
    tell(&app, project);
    Ok(HttpResponse::NoContent().finish())
}

/// The members changed, and for the one concerned the list of projects.
pub(in crate::projects) fn tell(app: &App, project: Project) {
    app.events.tell(Change::Members { project_id: project.row.id });
    app.events.tell(Change::Projects { organization_id: project.organization.id });
}
