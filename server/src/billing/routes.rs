//! The meter over HTTP.

use super::month::Period;
use super::rows::{self, Row, Selection};
use super::spend;
use crate::access::{Access, Permission, ReadOwnSpend, ReadSpend, Routes, route};
use crate::app::App;
use crate::db::{Connection, now};
use crate::error::{Error, Result};
use crate::http::query::Query;
use crate::organizations::Organization;
use crate::projects::Project;
use crate::storage::{self, Day};
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use atelier_api::billing::{MonthFilter, MySpend, Segment, SegmentFilter, SpendReport};
use atelier_api::page::Page;
use atelier_api::role::{Action, Object};

pub fn routes(routes: &mut Routes) {
    route!(routes, [spend_mine, spend_report_mine, spend_report, project_spend]);
    route!(routes, [segment_list_mine, segment_list, segments_csv_mine, segments_csv]);
}

/// Rows of the ledger in one part of a list.
const PAGE: usize = 200;

/// What the caller has spent today and this month, and what runs now.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/my-spend", tag = "spend",
    params(("organization" = String, Path)), responses((status = 200, body = MySpend)))]
async fn spend_mine(
    access: Access<Organization, ReadOwnSpend>,
    app: web::Data<App>,
) -> Result<web::Json<MySpend>> {
    app.db
        .read(move |connection| {
            let user_id = &access.caller().user.id;
            Ok(web::Json(spend::mine(connection, &access.row().id, user_id, now())?))
        })
        .await
}

/// The caller's own month.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/my-spend-report", tag = "spend",
    params(("organization" = String, Path), MonthFilter), responses((status = 200, body = SpendReport)))]
async fn spend_report_mine(
    access: Access<Organization, ReadOwnSpend>,
    filter: Query<MonthFilter>,
    app: web::Data<App>,
) -> Result<web::Json<SpendReport>> {
    let filter = SegmentFilter { month: filter.0.month, ..SegmentFilter::default() };
    report(app, move |now| only_mine(&access, &filter, now)).await
}

/// The organization's month, by person, project and day.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/spend", tag = "spend",
    params(("organization" = String, Path), MonthFilter), responses((status = 200, body = SpendReport)))]
async fn spend_report(
    access: Access<Organization, ReadSpend>,
    filter: Query<MonthFilter>,
    app: web::Data<App>,
) -> Result<web::Json<SpendReport>> {
    let filter = SegmentFilter { month: filter.0.month, ..SegmentFilter::default() };
    report(app, move |now| everybodys(&access, &filter, now)).await
}

/// A project's month. Who may not see everybody's spending there sees his or her own.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/projects/{project}/spend", tag = "spend",
    params(("organization" = String, Path), ("project" = String, Path), MonthFilter),
    responses((status = 200, body = SpendReport)))]
async fn project_spend(
    access: Access<Project, ReadOwnSpend>,
    filter: Query<MonthFilter>,
    app: web::Data<App>,
) -> Result<web::Json<SpendReport>> {
    report(app, move |now| {
        let month = Period::asked(filter.0.month.as_deref(), now)?;
        let all = access.may(Object::Spend, Action::Read, false);
        let which = Selection {
            organization_id: access.row().organization.id.clone(),
            user_id: (!all).then(|| access.caller().user.id.clone()),
            project_id: Some(access.row().row.id.clone()),
            from: month.from,
            to: month.to,
        };
        Ok((which, month))
    })
    .await
}

/// The caller's rows of the ledger, newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/my-segments", tag = "spend",
    params(("organization" = String, Path), SegmentFilter), responses((status = 200, body = Page<Segment>)))]
async fn segment_list_mine(
    access: Access<Organization, ReadOwnSpend>,
    filter: Query<SegmentFilter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<Segment>>> {
    let cursor = filter.0.cursor.clone();
    let rows = load(app, move |now| only_mine(&access, &filter.0, now)).await?;
    Ok(web::Json(page(&rows, cursor.as_deref())))
}

/// The organization's rows of the ledger, newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/segments", tag = "spend",
    params(("organization" = String, Path), SegmentFilter), responses((status = 200, body = Page<Segment>)))]
async fn segment_list(
    access: Access<Organization, ReadSpend>,
    filter: Query<SegmentFilter>,
    app: web::Data<App>,
) -> Result<web::Json<Page<Segment>>> {
    let cursor = filter.0.cursor.clone();
    let rows = load(app, move |now| everybodys(&access, &filter.0, now)).await?;
    Ok(web::Json(page(&rows, cursor.as_deref())))
}

/// The caller's rows as CSV.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/my-segments.csv", tag = "spend",
    params(("organization" = String, Path), SegmentFilter),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn segments_csv_mine(
    access: Access<Organization, ReadOwnSpend>,
    filter: Query<SegmentFilter>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    csv(&load(app, move |now| only_mine(&access, &filter.0, now)).await?, &[])
}

/// The organization's rows as CSV; after them those of storage, unless it is of one person.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/segments.csv", tag = "spend",
    params(("organization" = String, Path), SegmentFilter),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn segments_csv(
    access: Access<Organization, ReadSpend>,
    filter: Query<SegmentFilter>,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let (rows, days) = app
        .db
        .read(move |connection: &mut Connection| {
            let now = now();
            let which = everybodys(&access, &filter.0, now)?.0;
            let days = match which.user_id {
                None => storage::days(connection, &which.days())?,
                Some(_) => Vec::new(),
            };
            Ok((rows::load(connection, &which, now)?, days))
        })
        .await?;
    csv(&rows, &days)
}

type Asked = (Selection, Period);

fn everybodys(access: &Access<Organization, ReadSpend>, filter: &SegmentFilter, now: i64) -> Result<Asked> {
    selection(access, filter, filter.person.clone(), now)
}

fn only_mine(access: &Access<Organization, ReadOwnSpend>, filter: &SegmentFilter, now: i64) -> Result<Asked> {
    selection(access, filter, Some(access.caller().user.id.clone()), now)
}

fn selection<P: Permission>(
    access: &Access<Organization, P>,
    filter: &SegmentFilter,
    user_id: Option<String>,
    now: i64,
) -> Result<Asked> {
    let month = Period::asked(filter.month.as_deref(), now)?;
    let organization_id = access.row().id.clone();
    let project_id = filter.project.clone();
    Ok((Selection { organization_id, user_id, project_id, from: month.from, to: month.to }, month))
}

async fn report(
    app: web::Data<App>,
    asked: impl FnOnce(i64) -> Result<Asked> + Send + 'static,
) -> Result<web::Json<SpendReport>> {
    app.db
        .read(move |connection: &mut Connection| {
            let now = now();
            let (which, month) = asked(now)?;
            Ok(web::Json(spend::report(connection, &which, &month, now)?))
        })
        .await
}

async fn load(
    app: web::Data<App>,
    asked: impl FnOnce(i64) -> Result<Asked> + Send + 'static,
) -> Result<Vec<Row>> {
    app.db
        .read(move |connection: &mut Connection| {
            let now = now();
            rows::load(connection, &asked(now)?.0, now)
        })
        .await
}

fn page(rows: &[Row], cursor: Option<&str>) -> Page<Segment> {
    // Ids sort by time, newest first here.
    let rest: Vec<&Row> =
        rows.iter().filter(|row| cursor.is_none_or(|cursor| row.segment.id.as_str() < cursor)).collect();
    let next = rest.get(PAGE).and_then(|_| rest.get(PAGE - 1)).map(|last| last.segment.id.clone());
    Page { items: rest.into_iter().take(PAGE).map(Row::to_api).collect(), next }
}

fn csv(rows: &[Row], days: &[Day]) -> Result<HttpResponse> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = "container,sequence,kind,person,email,project,session,size,price_per_hour,started_at_ms,\
                ended_at_ms,milliseconds,cost";
    writer.write_record(head.split(',')).map_err(Error::internal)?;
    for row in rows {
        let (segment, shown) = (&row.segment, row.to_api());
        let moment = |at: Option<i64>| at.map(|ms| ms.to_string()).unwrap_or_default();
        writer
            .write_record([
                segment.container.clone(),
                segment.sequence.to_string(),
                segment.kind.clone(),
                harmless(&segment.user_name),
                harmless(&segment.user_email),
                harmless(&segment.project_name),
                harmless(&segment.workload_name),
                harmless(&segment.tier_name),
                shown.price_per_hour.to_string(),
                moment(shown.started_at),
                moment(shown.ended_at),
                shown.milliseconds.to_string(),
                shown.cost.to_string(),
            ])
            .map_err(Error::internal)?;
    }
    for day in days {
        writer
            .write_record([
                format!("storage-{}", day.project_id),
                "0".to_owned(),
                "storage".to_owned(),
                String::new(),
                String::new(),
                harmless(&day.project_name),
                String::new(),
                format!("{} bytes", day.bytes),
                String::new(),
                day.begins().to_string(),
                day.ends().to_string(),
                (day.ends() - day.begins()).to_string(),
                day.cost().to_string(),
            ])
            .map_err(Error::internal)?;
    }
    let body = writer.into_inner().map_err(|error| Error::internal(error.into_error()))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"cost.csv\""))
        .body(body))
}

/// Text that a spreadsheet would take for a formula is marked as text.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
