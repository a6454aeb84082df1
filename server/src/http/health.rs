//! For whoever watches the server: is it there, does its database answer.

use crate::app::App;
use crate::error::Result;
use actix_web::{HttpResponse, web};
use diesel::RunQueryDsl;

/// The process runs.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().body("ok\n")
}

/// Requests can be served.
pub async fn readyz(app: web::Data<App>) -> Result<HttpResponse> {
    app.db
        .read(|connection| {
            diesel::sql_query("SELECT 1").execute(connection)?;
            Ok(())
        })
        .await?;
    Ok(HttpResponse::Ok().body("ready\n"))
}
