//! Uploads to a project's files over HTTP.

use super::resource::ProjectFiles;
use super::store;
use crate::access::{Access, CommitFiles, Routes, route};
use crate::app::App;
use crate::data;
use crate::error::{Error, Result};
use crate::events::Change;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::uploads::{self, Committer};
use actix_web::{HttpResponse, web};
use atelier_api::data::DataVersion;
use atelier_api::role::Object;
use atelier_api::upload as api;

type Proof = Access<ProjectFiles, CommitFiles>;
/// The path's last parameters: organization, project, upload.
type Place = web::Path<(String, String, String)>;

pub(super) fn routes(routes: &mut Routes) {
    route!(routes, [files_upload_list, files_upload_create, files_upload_get, files_upload_lacking]);
    route!(routes, [files_upload_chunks, files_upload_files, files_upload_file]);
    route!(routes, [files_upload_commit, files_upload_cancel]);
}

fn committer(access: Proof) -> Result<Committer> {
    Committer::of(access, store::writable)
}

/// The caller's own uploads that have not ended, the newest first.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path)),
    responses((status = 200, body = Vec<api::Upload>)))]
async fn files_upload_list(access: Proof, app: web::Data<App>) -> Result<web::Json<Vec<api::Upload>>> {
    let who = committer(access)?;
    let rows = app.db.read(move |connection| uploads::list(connection, &who)).await?;
    Ok(web::Json(rows.into_iter().map(Into::into).collect()))
}

/// Begin a version: with the files of the newest one, or with none.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::CreateUpload,
    responses((status = 201, body = api::Upload), (status = 409)))]
async fn files_upload_create(
    access: Proof,
    body: Valid<api::CreateUpload>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let who = committer(access)?;
    let create = move |connection: &mut _| uploads::create(connection, &who, body.0.replace);
    Ok(HttpResponse::Created().json(api::Upload::from(app.db.admit(create).await?)))
}

/// One of the caller's own uploads.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads/{upload}",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("upload" = String, Path)),
    responses((status = 200, body = api::Upload), (status = 409)))]
async fn files_upload_get(
    access: Proof,
    place: Place,
    app: web::Data<App>,
) -> Result<web::Json<api::Upload>> {
    let (who, id) = (committer(access)?, place.into_inner().2);
    let row = app.db.read(move |connection| uploads::get(connection, &who, &id)).await?;
    Ok(web::Json(row.into()))
}

/// Which of these chunks must be sent. The others may be used in this upload.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads/{upload}/lacking",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("upload" = String, Path)),
    request_body = api::Chunks,
    responses((status = 200, body = api::Chunks), (status = 409), (status = 422)))]
async fn files_upload_lacking(
    access: Proof,
    place: Place,
    body: Valid<api::Chunks, { api::MAX_LACKING_BODY }>,
    app: web::Data<App>,
) -> Result<web::Json<api::Chunks>> {
    let chunks = uploads::lacking(&app, &committer(access)?, &place.2, &body.0.chunks).await?;
    Ok(web::Json(api::Chunks { chunks }))
}

/// Send chunks, one after the other: each its 32 bytes of BLAKE3, its length in 4 bytes (little endian), its bytes.
/// Together at most 32 MiB.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads/{upload}/chunks",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("upload" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204), (status = 409), (status = 413), (status = 422)))]
async fn files_upload_chunks(
    access: Proof,
    place: Place,
    body: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    uploads::chunks(app, &committer(access)?, &place.2, body).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take files away, and say of which chunks others are made. 409 `chunks-lacking` names chunks that were not sent.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads/{upload}/files",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("upload" = String, Path)),
    request_body = api::PutFiles,
    responses((status = 200, body = api::Upload), (status = 409), (status = 422)))]
async fn files_upload_files(
    access: Proof,
    place: Place,
    body: Valid<api::PutFiles, { api::MAX_FILES_BODY }>,
    app: web::Data<App>,
) -> Result<web::Json<api::Upload>> {
    let row = uploads::files(&app, &committer(access)?, &place.2, body.0).await?;
    Ok(web::Json(row.into()))
}

/// Send one file of any size, as the body.
#[utoipa::path(put,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads/{upload}/file",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("upload" = String, Path), api::SentFile),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = api::Upload), (status = 409), (status = 422)))]
async fn files_upload_file(
    access: Proof,
    place: Place,
    sent: Query<api::SentFile>,
    body: web::Payload,
    app: web::Data<App>,
) -> Result<web::Json<api::Upload>> {
    let row = uploads::file(app, &committer(access)?, &place.2, &sent.0, body).await?;
    Ok(web::Json(row.into()))
}

/// Make the upload a version. Asked again, it answers with the same version. 409 `changed-meanwhile` names files
/// that others have changed too.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads/{upload}/commit",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("upload" = String, Path)),
    request_body = api::CommitFiles,
    responses((status = 201, body = DataVersion), (status = 409)))]
async fn files_upload_commit(
    access: Proof,
    place: Place,
    body: Valid<api::CommitFiles>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let who = committer(access)?;
    let changed = Change::Files { project_id: who.holder.project_id().to_owned() };
    let row = uploads::commit(&app, &who, &place.2, &body.0.message).await?;
    app.events.tell(changed);
    let described =
        app.db.read(|connection| data::describe(connection, Object::File, vec![row])).await?.pop();
    Ok(HttpResponse::Created().json(described.ok_or_else(Error::not_found)?))
}

/// Give an upload up. Nothing of it is left.
#[utoipa::path(delete,
    path = "/api/v1/organizations/{organization}/projects/{project}/files/uploads/{upload}",
    tag = "files",
    params(("organization" = String, Path), ("project" = String, Path), ("upload" = String, Path)),
    responses((status = 204), (status = 409)))]
async fn files_upload_cancel(access: Proof, place: Place, app: web::Data<App>) -> Result<HttpResponse> {
    uploads::cancel(&app, committer(access)?, place.into_inner().2).await?;
    Ok(HttpResponse::NoContent().finish())
}
