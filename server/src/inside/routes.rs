//! What only a program inside a workload can ask for.

use super::store;
use crate::access::{AsWorkload, Routes, route};
use crate::app::App;
use crate::error::Result;
use actix_web::web;
use atelier_api::workload::Workload;

pub fn routes(routes: &mut Routes) {
    route!(routes, [workload_get]);
}

/// Who and where the caller is, for programs inside a workload; for all others there is nothing here.
#[utoipa::path(get, path = "/api/v1/workload", tag = "workloads", responses((status = 200, body = Workload)))]
async fn workload_get(access: AsWorkload, app: web::Data<App>) -> Result<web::Json<Workload>> {
    app.db.read(move |connection| Ok(web::Json(store::describe(connection, &access)?))).await
}
