//! Groups over HTTP.

use super::resource::Group;
use super::{people, store};
use crate::access::{Access, CreateGroup, DeleteGroup, ReadGroup, Routes, UpdateGroup, route};
use crate::app::App;
use crate::error::{Error, Result};
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::http::version::{IfMatch, Tagged};
use crate::organizations::Organization;
use actix_web::{HttpResponse, web};
use atelier_api::group as api;
use atelier_api::page::Page;
use serde::Deserialize;

pub fn routes(routes: &mut Routes) {
    route!(routes, [group_list, group_create, group_get, group_update, group_delete]);
    route!(routes, [group_person_add, group_person_remove]);
}

#[derive(Deserialize)]
struct Filter {
    search: Option<String>,
    cursor: Option<String>,
}

/// The groups of an organization, by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/groups", tag = "groups",
    params(("organization" = String, Path),
        ("search" = Option<String>, Query, description = "Part of the name or the description"),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::Group>)))]
async fn group_list(
    access: Access<Organization, ReadGroup>,
    filter: Query<Filter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::Group>>> {
    let Filter { search, cursor } = filter.0;
    app.db
        .read(move |connection| {
            let (items, next) = store::list(connection, &access, search.as_deref(), cursor.as_deref())?;
            Ok(web::Json(Page { items, next }))
        })
        .await
}

/// A new group, with nobody in it.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/groups", tag = "groups",
    params(("organization" = String, Path)), request_body = api::SaveGroup,
    responses((status = 201, body = api::Group), (status = 422)))]
async fn group_create(
    access: Access<Organization, CreateGroup>,
    body: Valid<api::SaveGroup>,
    app: web::Data<App>,
) -> Result<Tagged<api::Group>> {
    let organization_id = access.row().id.clone();
    let group = app.db.write(move |connection| store::create(connection, &access, &body.0)).await?;
    app.events.tell(Change::People { organization_id });
    Ok(Tagged::created(group))
}

/// One group, who is in it, and what it gives them.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/groups/{group}", tag = "groups",
    params(("organization" = String, Path), ("group" = String, Path)),
    responses((status = 200, body = api::GroupDetail)))]
async fn group_get(
    access: Access<Group, ReadGroup>,
    app: web::Data<App>,
) -> Result<Tagged<api::GroupDetail>> {
    app.db.read(move |connection| Ok(Tagged::ok(store::detail(connection, &access)?))).await
}

/// Rename or describe.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/groups/{group}", tag = "groups",
    params(("organization" = String, Path), ("group" = String, Path), IfMatch),
    request_body = api::SaveGroup,
    responses((status = 200, body = api::Group), (status = 412), (status = 422)))]
async fn group_update(
    access: Access<Group, UpdateGroup>,
    body: Valid<api::SaveGroup>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::Group>> {
    let organization_id = access.row().organization.id.clone();
    let group =
        app.db.write(move |connection| store::update(connection, &access, &if_match, &body.0)).await?;
    app.events.tell(Change::People { organization_id });
    Ok(Tagged::ok(group))
}

#[derive(Deserialize)]
struct Confirmation {
    confirm: String,
}

/// Delete a group. Its people lose what they had through it, and what they may no longer run stops.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/groups/{group}", tag = "groups",
    params(("organization" = String, Path), ("group" = String, Path), IfMatch,
        ("confirm" = String, Query, description = "The group's name")),
    responses((status = 204), (status = 412), (status = 422)))]
async fn group_delete(
    access: Access<Group, DeleteGroup>,
    confirmation: Query<Confirmation>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let organization_id = access.row().organization.id.clone();
    let (revoked, projects) = app
        .db
        .admit(move |connection| {
            if confirmation.0.confirm.trim() != store::name(connection, &access)? {
                return Err(Error::invalid_field("confirm", "must be the group's name"));
            }
            store::delete(connection, &access, &if_match)
        })
        .await?;
    revoked.tell(&app);
    app.events.tell(Change::Tiers { organization_id: organization_id.clone() });
    tell(&app, organization_id, projects);
    Ok(HttpResponse::NoContent().finish())
}

/// Put somebody of the organization into a group.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/groups/{group}/people", tag = "groups",
    params(("organization" = String, Path), ("group" = String, Path)),
    request_body = api::AddGroupPerson,
    responses((status = 201, body = api::GroupPerson), (status = 409), (status = 422)))]
async fn group_person_add(
    access: Access<Group, UpdateGroup>,
    body: Valid<api::AddGroupPerson>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let organization_id = access.row().organization.id.clone();
    let (person, projects) =
        app.db.admit(move |connection| people::add(connection, &access, &body.0.person)).await?;
    tell(&app, organization_id, projects);
    Ok(HttpResponse::Created().json(person))
}

/// Take somebody out of a group. What he or she may no longer run stops.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/groups/{group}/people/{person}",
    tag = "groups",
    params(("organization" = String, Path), ("group" = String, Path), ("person" = String, Path)),
    responses((status = 204)))]
async fn group_person_remove(
    access: Access<Group, UpdateGroup>,
    path: web::Path<(String, String, String)>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let organization_id = access.row().organization.id.clone();
    let (_, _, person) = path.into_inner();
    let (revoked, projects) =
        app.db.admit(move |connection| people::remove(connection, &access, &person)).await?;
    revoked.tell(&app);
    tell(&app, organization_id, projects);
    Ok(HttpResponse::NoContent().finish())
}

/// The group changed, and with it who is in its projects.
fn tell(app: &App, organization_id: String, projects: Vec<String>) {
    for project_id in projects {
        app.events.tell(Change::Members { project_id });
    }
    app.events.tell(Change::Projects { organization_id: organization_id.clone() });
    app.events.tell(Change::People { organization_id });
}
