//! Uploads to datasets and models over HTTP.

use super::describe::version;
use super::inputs::inputs;
use super::noun::{Artifact, Noun, routes_of};
use super::store;
use crate::access::{Access, Routes};
use crate::app::App;
use crate::data::Told;
use crate::error::Result;
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::uploads::{self, Committer};
use actix_web::{HttpResponse, web};
use atelier_api::data::DataVersion;
use atelier_api::upload as api;

type Proof<N> = Access<Artifact<N>, <N as Noun>::Commit>;
/// The path's last parameters: organization, project, artifact, upload.
type Place = web::Path<(String, String, String, String)>;

pub(super) fn routes<N: Noun>(routes: &mut Routes) {
    routes_of!(N, routes, [upload_list, upload_create, upload_get, upload_lacking, upload_chunks]);
    routes_of!(N, routes, [upload_files, upload_file, upload_commit, upload_cancel]);
}

fn committer<N: Noun>(access: Proof<N>) -> Result<Committer> {
    Committer::of(access, store::writable::<N>)
}

/// The caller's own uploads that have not ended, the newest first.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path)),
    responses((status = 200, body = Vec<api::Upload>)))]
async fn upload_list<N: Noun>(access: Proof<N>, app: web::Data<App>) -> Result<web::Json<Vec<api::Upload>>> {
    let who = committer(access)?;
    let rows = app.db.read(move |connection| uploads::list(connection, &who)).await?;
    Ok(web::Json(rows.into_iter().map(Into::into).collect()))
}

/// Begin a version: with the files of the newest one, or with none.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path)),
    request_body = api::CreateUpload,
    responses((status = 201, body = api::Upload), (status = 409)))]
async fn upload_create<N: Noun>(
    access: Proof<N>,
    body: Valid<api::CreateUpload>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let who = committer(access)?;
    let create = move |connection: &mut _| uploads::create(connection, &who, body.0.replace);
    Ok(HttpResponse::Created().json(api::Upload::from(app.db.admit(create).await?)))
}

/// One of the caller's own uploads.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads/{upload}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("upload" = String, Path)),
    responses((status = 200, body = api::Upload), (status = 409)))]
async fn upload_get<N: Noun>(
    access: Proof<N>,
    place: Place,
    app: web::Data<App>,
) -> Result<web::Json<api::Upload>> {
    let (who, id) = (committer(access)?, place.into_inner().3);
    let row = app.db.read(move |connection| uploads::get(connection, &who, &id)).await?;
    Ok(web::Json(row.into()))
}

/// Which of these chunks must be sent. The others may be used in this upload.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads/{upload}/lacking",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("upload" = String, Path)),
    request_body = api::Chunks,
    responses((status = 200, body = api::Chunks), (status = 409), (status = 422)))]
async fn upload_lacking<N: Noun>(
    access: Proof<N>,
    place: Place,
    body: Valid<api::Chunks, { api::MAX_LACKING_BODY }>,
    app: web::Data<App>,
) -> Result<web::Json<api::Chunks>> {
    let chunks = uploads::lacking(&app, &committer(access)?, &place.3, &body.0.chunks).await?;
    Ok(web::Json(api::Chunks { chunks }))
}

/// Send chunks, one after the other: each its 32 bytes of BLAKE3, its length in 4 bytes (little endian), its bytes.
/// Together at most 32 MiB.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads/{upload}/chunks",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("upload" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204), (status = 409), (status = 413), (status = 422)))]
async fn upload_chunks<N: Noun>(
    access: Proof<N>,
    place: Place,
    body: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    uploads::chunks(app, &committer(access)?, &place.3, body).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take files away, and say of which chunks others are made. 409 `chunks-lacking` names chunks that were not sent.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads/{upload}/files",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("upload" = String, Path)),
    request_body = api::PutFiles,
    responses((status = 200, body = api::Upload), (status = 409), (status = 422)))]
async fn upload_files<N: Noun>(
    access: Proof<N>,
    place: Place,
    body: Valid<api::PutFiles, { api::MAX_FILES_BODY }>,
    app: web::Data<App>,
) -> Result<web::Json<api::Upload>> {
    let row = uploads::files(&app, &committer(access)?, &place.3, body.0).await?;
    Ok(web::Json(row.into()))
}

/// Send one file of any size, as the body.
#[utoipa::path(put,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads/{upload}/file",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("upload" = String, Path), api::SentFile),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = api::Upload), (status = 409), (status = 422)))]
async fn upload_file<N: Noun>(
    access: Proof<N>,
    place: Place,
    sent: Query<api::SentFile>,
    body: web::Payload,
    app: web::Data<App>,
) -> Result<web::Json<api::Upload>> {
    let row = uploads::file(app, &committer(access)?, &place.3, &sent.0, body).await?;
    Ok(web::Json(row.into()))
}

/// Make the upload a version. Asked again, it answers with the same version. 409 `changed-meanwhile` names files
/// that others have changed too.
#[utoipa::path(post,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads/{upload}/commit",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("upload" = String, Path)),
    request_body = api::CommitUpload,
    responses((status = 201, body = DataVersion), (status = 409)))]
async fn upload_commit<N: Noun>(
    access: Proof<N>,
    place: Place,
    body: Valid<api::CommitUpload>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let changed = access.row().changed();
    let (asks, said) = (access.clone(), body.0.datasets.clone());
    let inputs = app.db.read(move |connection| inputs(connection, &asks, &said)).await?;
    let told = Told { metrics: body.0.metrics, parameters: body.0.parameters, inputs };
    let who = committer(access.clone())?.telling(told);
    let row = uploads::commit(&app, &who, &place.3, &body.0.message).await?;
    app.events.tell(changed);
    let made = app.db.read(move |connection| version(connection, &access, N::TYPE, row)).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Give an upload up. Nothing of it is left.
#[utoipa::path(delete,
    path = "/api/v1/organizations/{organization}/projects/{project}/artifacts/{artifact}/uploads/{upload}",
    params(("organization" = String, Path), ("project" = String, Path), ("artifact" = String, Path),
        ("upload" = String, Path)),
    responses((status = 204), (status = 409)))]
async fn upload_cancel<N: Noun>(access: Proof<N>, place: Place, app: web::Data<App>) -> Result<HttpResponse> {
    uploads::cancel(&app, committer(access)?, place.into_inner().3).await?;
    Ok(HttpResponse::NoContent().finish())
}
