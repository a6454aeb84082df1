//! An organization's people over HTTP.

use super::resource::{Person, PersonRow};
use super::store;
use crate::access::{Access, DeletePerson, ReadPerson, Routes, UpdatePerson, route};
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
use atelier_api::account::OneTimeLink;
use atelier_api::money::Micros;
use atelier_api::page::Page;
use atelier_api::role::OrganizationRole;
use serde::Deserialize;

pub(in crate::organizations) fn routes(routes: &mut Routes) {
    route!(routes, [person_list, person_update, person_remove, person_reset_password]);
}

#[derive(Deserialize)]
struct Filter {
    search: Option<String>,
    cursor: Option<String>,
}

/// The people of an organization, by name.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/people", tag = "people",
    params(("organization" = String, Path),
        ("search" = Option<String>, Query, description = "Part of the name or the address"),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::person::Person>)))]
async fn person_list(
    access: Access<Organization, ReadPerson>,
    filter: Query<Filter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::person::Person>>> {
    let Filter { search, cursor } = filter.0;
    app.db
        .read(move |connection| {
            let (people, next) = store::list(connection, &access, search.as_deref(), cursor.as_deref())?;
            Ok(web::Json(Page { items: describe(connection, access.row(), &people)?, next }))
        })
        .await
}

/// Change a person's role or limits, disable or enable. Who is disabled is out at once, and what he or she
/// runs here stops.
#[utoipa::path(patch, path = "/api/v1/organizations/{organization}/people/{person}", tag = "people",
    params(("organization" = String, Path), ("person" = String, Path), IfMatch),
    request_body = api::person::UpdatePerson,
    responses((status = 200, body = api::person::Person), (status = 409), (status = 412)))]
async fn person_update(
    access: Access<Person, UpdatePerson>,
    body: Valid<api::person::UpdatePerson>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<Tagged<api::person::Person>> {
    let organization_id = access.row().organization.id.clone();
    let (person, revoked) = app
        .db
        .admit(move |connection| {
            let (row, revoked) = store::update(connection, &access, &if_match, &body.0)?;
            let described = describe(connection, &access.row().organization, &[row])?.pop();
            Ok((described.ok_or_else(Error::not_found)?, revoked))
        })
        .await?;
    revoked.tell(&app);
    app.events.tell(Change::People { organization_id });
    Ok(Tagged::ok(person))
}

/// Take a person out of the organization, its projects and groups. What he or she runs here stops, sessions
/// and folders are deleted; the bill stays.
#[utoipa::path(delete, path = "/api/v1/organizations/{organization}/people/{person}", tag = "people",
    params(("organization" = String, Path), ("person" = String, Path), IfMatch),
    responses((status = 204), (status = 409), (status = 412)))]
async fn person_remove(
    access: Access<Person, DeletePerson>,
    if_match: IfMatch,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let organization_id = access.row().organization.id.clone();
    let (revoked, in_projects) =
        app.db.admit(move |connection| store::remove(connection, &access, &if_match)).await?;
    revoked.tell(&app);
    for project_id in in_projects {
        app.events.tell(Change::Members { project_id });
    }
    app.events.tell(Change::People { organization_id });
    Ok(HttpResponse::NoContent().finish())
}

/// A link by which a person chooses a new password. It works once, for a day.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/people/{person}/password-reset",
    tag = "people", params(("organization" = String, Path), ("person" = String, Path)),
    responses((status = 201, body = OneTimeLink), (status = 409)), security(("signIn" = [])))]
async fn person_reset_password(
    access: Access<Person, UpdatePerson>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let (token, expires_at) =
        app.db.admit(move |connection| store::reset_password(connection, &access)).await?;
    let url = format!("{}/password-reset/{token}", app.config.public_url);
    Ok(HttpResponse::Created().json(OneTimeLink { url, expires_at }))
}

fn describe(
    connection: &mut Connection,
    organization: &Organization,
    people: &[PersonRow],
) -> Result<Vec<api::person::Person>> {
    let seen = store::last_seen(connection, people)?;
    let versions = store::versions(connection, organization, people)?;
    let described = people.iter().zip(versions);
    Ok(described.map(|(row, version)| to_api(row, seen.get(&row.id).copied(), version)).collect())
}

fn to_api(row: &PersonRow, last_seen_at: Option<i64>, version: i64) -> api::person::Person {
    let membership = &row.membership;
    api::person::Person {
        id: row.id.clone(),
        email: row.email.clone(),
        name: row.name.clone(),
        // An unknown word may do nothing; a guest may do least.
        role: membership.role.parse().unwrap_or(OrganizationRole::Guest),
        disabled_at: membership.disabled_at,
        last_seen_at,
        limits: api::person::Limits {
            sessions_at_once: membership.sessions_at_once,
            monthly: membership.monthly_limit_micros.map(Micros),
        },
        joined_at: membership.joined_at,
        version,
    }
}
