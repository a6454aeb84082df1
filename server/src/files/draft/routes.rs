//! Drafts over HTTP.

use super::{Saver, hide, incoming, save};
use crate::access::{Access, CommitFiles, Routes, route};
use crate::app::App;
use crate::data::{self, FilePath, Holds, Wish};
use crate::error::{Error, Result};
use crate::files::ProjectFiles;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::trees::writable;
use crate::uploads::{Committer, Row, draft};
use actix_web::{HttpRequest, HttpResponse, web};
use atelier_api::draft as api;
use atelier_api::page::Page;
use atelier_store::TreePath;
use serde::Deserialize;

type Proof = Access<ProjectFiles, CommitFiles>;

/// Bytes of the largest request that names paths.
const PATHS_BODY: usize = 16 << 20;

pub(in crate::files) fn routes(routes: &mut Routes) {
    route!(routes, [files_draft_open, files_draft_get, files_draft_list, files_draft_content]);
    route!(routes, [files_draft_incoming, files_draft_taken, files_draft_save]);
}

fn shown(who: &Committer, row: Row) -> Result<api::Draft> {
    let mut last_save: Option<api::DraftSave> =
        row.last_save.as_deref().and_then(|save| serde_json::from_str(save).ok());
    if let Some(save) = &mut last_save {
        let hidden = who.holder.hidden();
        save.merged.retain(|path| !hidden.covers(path));
        save.kept.retain(|kept| !hidden.covers(&kept.path));
    }
    Ok(api::Draft {
        unsaved: row.root()? != row.base_root()?,
        last_save,
        files: row.files,
        bytes: row.bytes,
        id: row.id,
    })
}

async fn mine(app: &App, who: &Committer) -> Result<Row> {
    let asks = who.clone();
    let row = app.db.read(move |connection| draft::find(connection, &asks)).await?;
    row.ok_or_else(Error::not_found)
}

/// The caller's draft of the project's files; an empty one if there was none.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/files/draft",
    tag = "files", params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = api::Draft)))]
async fn files_draft_open(access: Proof, app: web::Data<App>) -> Result<web::Json<api::Draft>> {
    let who = Committer::of(access, writable)?;
    let opens = who.clone();
    app.db.admit(move |connection| draft::open(connection, &opens)).await?;
    hide::hide(&app, &who).await?;
    Ok(web::Json(shown(&who, mine(&app, &who).await?)?))
}

/// The caller's draft, if there is one.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/files/draft",
    tag = "files", params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = api::Draft)))]
async fn files_draft_get(access: Proof, app: web::Data<App>) -> Result<web::Json<api::Draft>> {
    let who = Committer::of(access, writable)?;
    let row = mine(&app, &who).await?;
    Ok(web::Json(shown(&who, row)?))
}

#[derive(Deserialize)]
struct From {
    cursor: Option<String>,
}

/// All files of the caller's draft, folder by folder.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/files/draft/files",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<api::DraftFile>)))]
async fn files_draft_list(
    access: Proof,
    from: Query<From>,
    app: web::Data<App>,
) -> Result<web::Json<Page<api::DraftFile>>> {
    let (store, hidden) = (app.objects.of(&access.row().project.row.id).await?, access.row().hidden());
    let root = mine(&app, &Committer::of(access, writable)?).await?.root()?;
    Ok(web::Json(incoming::files(&store, root, &hidden, from.0.cursor.as_deref()).await?))
}

/// The bytes of a file of the caller's draft, or a range of them (`Range`).
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/files/draft/content",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("path" = String, Query)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 206),
        (status = 304), (status = 416)))]
async fn files_draft_content(
    access: Proof,
    file: Query<FilePath>,
    request: HttpRequest,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let store = app.objects.of(&access.row().project.row.id).await?;
    let path = TreePath::new(&file.0.path)?;
    access.row().hidden().check(&path)?;
    let root = mine(&app, &Committer::of(access, writable)?).await?.root()?;
    let found = store.file(root, &path).await?;
    data::content(&app, &store, &found, path.as_str(), &Wish::of(&request)).await
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

/// What others have changed since, and the caller has not: the draft's copy may take it.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/files/draft/incoming",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("after" = Option<String>, Query)),
    responses((status = 200, body = api::Incoming)))]
async fn files_draft_incoming(
    access: Proof,
    after: Query<After>,
    app: web::Data<App>,
) -> Result<web::Json<api::Incoming>> {
    let who = Committer::of(access, writable)?;
    Ok(web::Json(incoming::incoming(&app, &who, after.0.after.as_deref()).await?))
}

/// Say what the draft's copy has taken.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/files/draft/taken",
    tag = "files", params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::TakenPaths,
    responses((status = 200, body = api::Draft), (status = 409), (status = 422)))]
async fn files_draft_taken(
    access: Proof,
    body: Valid<api::TakenPaths, PATHS_BODY>,
    app: web::Data<App>,
) -> Result<web::Json<api::Draft>> {
    let who = Committer::of(access, writable)?;
    let row = incoming::taken(&app, &who, &body.0).await?;
    Ok(web::Json(shown(&who, row)?))
}

/// Make a version of the caller's draft and what others have changed meanwhile. What both changed is put together
/// where that goes; else both are kept, and the answer says where.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/files/draft/save",
    tag = "files", params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::SaveDraft,
    responses((status = 200, body = api::DraftSave), (status = 409), (status = 422)))]
async fn files_draft_save(
    access: Proof,
    body: Valid<api::SaveDraft>,
    app: web::Data<App>,
) -> Result<web::Json<api::DraftSave>> {
    let caller = access.caller().clone();
    let saver = Saver::of(Committer::of(access, writable)?, &caller);
    Ok(web::Json(save(&app, &saver, &body.0.message).await?))
}
