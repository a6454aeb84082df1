//! The first administrator and the first organization, by a link that only the console shows.

use super::sign_ins::{self, Browser};
use super::users::{self, NewUser};
use super::{links, me};
use crate::access::{Public, Routes, route};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::body::Valid;
use crate::{files, organizations, projects};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use atelier_api::account::{Language, Me, SetUp, SetupState};

pub fn routes(routes: &mut Routes) {
    route!(routes, [setup_get, setup_complete]);
}

/// A new link, if nobody has an account yet; older ones end.
pub async fn link(app: &App) -> Result<Option<String>> {
    let token = app
        .db
        .admit(|connection| {
            if !users::none(connection)? {
                return Ok(None);
            }
            Ok(Some(links::create(connection, links::SET_UP, None)?.0))
        })
        .await?;
    Ok(token.map(|token| format!("{}/set-up?token={token}", app.config.public_url)))
}

/// Whether the installation waits for its first administrator.
#[utoipa::path(get, path = "/api/v1/setup", tag = "accounts", responses((status = 200, body = SetupState)))]
async fn setup_get(_: Public, app: web::Data<App>) -> Result<web::Json<SetupState>> {
    let needed = app.db.read(users::none).await?;
    Ok(web::Json(SetupState { needed }))
}

/// Name the first organization, make the first account, and sign in.
#[utoipa::path(post, path = "/api/v1/setup", tag = "accounts", request_body = SetUp,
    responses((status = 201, body = Me), (status = 410), (status = 422)))]
async fn setup_complete(
    _: Public,
    body: Valid<SetUp>,
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let SetUp { token, organization, name, email, password, language, sample_project } = body.0;
    let browser = Browser::of(&request, &app);
    let asked = token.clone();
    // Asked before the password is hashed: strangers must not make the server work.
    app.db
        .read(move |connection| {
            if !users::none(connection)? {
                return Err(done());
            }
            links::find(connection, links::SET_UP, &asked)?.map(drop).ok_or_else(expired)
        })
        .await?;
    let about = vec![organization.clone(), name.clone(), email.clone()];
    let password_hash = app.passwords.hash("password", password, about).await?;
    let new = NewUser { email, name, password_hash, language, operator: true };
    let (me, sign_in, sample_project) = app
        .db
        .admit(move |connection| {
            links::consume(connection, links::SET_UP, &token)?.ok_or_else(expired)?;
            if !users::none(connection)? {
                return Err(done());
            }
            let user = users::insert(connection, &new)?;
            let organization = organizations::insert(connection, &organization, &user.id)?;
            let project = match sample_project {
                true => {
                    let (name, description) = sample(language);
                    Some(projects::insert(connection, &organization, &user.id, name, description, true)?)
                }
                false => None,
            };
            let sign_in = sign_ins::open(connection, &user.id, &browser)?;
            Ok((me::describe(connection, &user)?, sign_in, project))
        })
        .await?;
    if let Some(project) = sample_project
        && let Err(error) = files::begin_with_sample(&app, &project.id).await
    {
        // The first session makes up for it.
        tracing::warn!(%error, "the sample project has no files yet");
    }
    Ok(sign_ins::answer(&app, StatusCode::CREATED, &me, sign_in))
}

fn expired() -> Error {
    let detail = "This set-up link does not work: it expired, was used, or a newer one was printed. \
                  Restart the server to get a new link on its console.";
    Error::gone("link-expired", detail)
}

fn done() -> Error {
    Error::gone("set-up-done", "Atelier is set up already. Sign in.")
}

/// Name and description of the project that begins with a notebook and data.
fn sample(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => {
            ("Handwritten digits", "A sample to begin with: a notebook that learns to read digits.")
        }
        Language::French => (
            "Chiffres manuscrits",
            "Un exemple pour commencer : un notebook qui apprend à lire des chiffres.",
        ),
    }
}
