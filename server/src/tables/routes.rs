//! Rows and questions, over HTTP.

use super::ask::Asker;
use super::feed::Readable;
use super::{found, named};
use crate::access::{Access, ListDatasets, ReadDataset, Routes, route};
use crate::app::App;
use crate::data::{self, Which};
use crate::datasets::Dataset;
use crate::error::{Error, Result};
use crate::http::body::Valid;
use crate::http::query::Query;
use crate::projects::Project;
use actix_web::{HttpResponse, web};
use atelier_api::table as api;
use atelier_query::{Ask, Names, Part, Table};
use atelier_store::TreePath;

const ARROW: &str = "application/vnd.apache.arrow.stream";
/// Rows that are given if nothing is said.
const ROWS: u64 = 100;
/// Rows that are left out at most: more than any table has, and sums of it fit.
const FARTHEST: u64 = 1 << 48;
/// Tables that one question may read.
const MOST_TABLES: usize = 50;

pub fn routes(routes: &mut Routes) {
    route!(routes, [dataset_rows, query_run, query_stream]);
}

/// Some rows of a table of a version: of a file, or of all files of a folder.
#[utoipa::path(get,
    path = "/api/v1/organizations/{organization}/projects/{project}/datasets/{dataset}/versions/{version}/rows",
    tag = "tables",
    params(("organization" = String, Path), ("project" = String, Path), ("dataset" = String, Path),
        ("version" = String, Path), api::RowsOf),
    responses((status = 200, body = api::Rows), (status = 422), (status = 503)))]
async fn dataset_rows(
    access: Access<Dataset, ReadDataset>,
    which: Which,
    of: Query<api::RowsOf>,
    app: web::Data<App>,
) -> Result<web::Json<api::Rows>> {
    let of = of.0;
    let limit = of.limit.unwrap_or(ROWS);
    if limit > api::MOST_ROWS {
        return Err(Error::invalid_field("limit", format!("is at most {}", api::MOST_ROWS)));
    }
    if of.offset > FARTHEST {
        return Err(Error::invalid_field("offset", format!("is at most {FARTHEST}")));
    }
    let conditions = of.conditions.as_deref().map_or(Ok(Vec::new()), serde_json::from_str);
    let conditions = conditions.map_err(|error| Error::invalid_field("conditions", error.to_string()))?;
    let version = data::open(&app, &access, which).await?;
    let found = found::at(&version, &TreePath::new(&of.path)?).await?;
    let part = Part { offset: of.offset, limit, order: of.order, descending: of.descending, conditions };
    let table = table("rows".to_owned(), &found);
    let asker =
        Asker { organization_id: &access.row().project.organization.id, user_id: &access.caller().user.id };
    Ok(web::Json(app.tables.answer(&app, &asker, &Ask::Rows { table, part }, &found.files).await?))
}

/// Ask the project's datasets in SQL. Give the first rows.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/query",
    tag = "tables",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::RunQuery,
    responses((status = 200, body = api::Rows), (status = 422), (status = 503)))]
async fn query_run(
    access: Access<Project, ListDatasets>,
    body: Valid<api::RunQuery>,
    app: web::Data<App>,
) -> Result<web::Json<api::Rows>> {
    let api::RunQuery { sql, limit } = body.0;
    let (tables, files) = tables(&app, &access, &sql).await?;
    let ask = Ask::Query { sql, tables, limit: limit.unwrap_or(ROWS) };
    Ok(web::Json(app.tables.answer(&app, &asker(&access), &ask, &files).await?))
}

/// Ask the project's datasets in SQL. Give all rows, as a stream of Arrow IPC.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/projects/{project}/query/stream",
    tag = "tables",
    params(("organization" = String, Path), ("project" = String, Path)),
    request_body = api::RunQuery,
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.apache.arrow.stream"),
        (status = 422), (status = 503)))]
async fn query_stream(
    access: Access<Project, ListDatasets>,
    body: Valid<api::RunQuery>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let sql = body.0.sql;
    let (tables, files) = tables(&app, &access, &sql).await?;
    let pieces = app.tables.stream(&app, &asker(&access), &Ask::Stream { sql, tables }, &files).await?;
    Ok(HttpResponse::Ok().content_type(ARROW).streaming(Box::pin(pieces)))
}

fn asker(access: &Access<Project, ListDatasets>) -> Asker<'_> {
    Asker { organization_id: &access.row().organization.id, user_id: &access.caller().user.id }
}

/// The tables that a text reads, with their files.
async fn tables(
    app: &web::Data<App>,
    access: &Access<Project, ListDatasets>,
    sql: &str,
) -> Result<(Vec<Table>, Vec<Readable>)> {
    let ask = Ask::Names { sql: sql.to_owned() };
    let Names { names } = app.tables.answer(app, &asker(access), &ask, &[]).await?;
    if names.len() > MOST_TABLES {
        return Err(Error::invalid_field("sql", format!("reads more than {MOST_TABLES} tables")));
    }
    let (mut tables, mut files) = (Vec::new(), Vec::new());
    for name in names {
        let found = named::find(app, access, &name).await?;
        tables.push(table(name, &found));
        files.extend(found.files);
    }
    Ok((tables, files))
}

fn table(name: String, found: &found::Found) -> Table {
    Table { name, format: found.format, files: found.files.iter().map(Readable::told).collect() }
}
