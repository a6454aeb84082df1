//! The answer to `/metrics`: what was counted, and what is looked up now.

use super::door;
use crate::app::App;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use crate::workloads::SESSION;
use actix_web::{HttpRequest, HttpResponse, web};
use atelier_api::session::SessionState;
use diesel::dsl::{count_star, exists, min, not};
use diesel::prelude::*;
use prometheus_client::encoding::{EncodeLabelSet, text};
use std::collections::HashMap;

const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct State {
    state: &'static str,
}

/// # Errors
/// If the caller may not read it, or the database does not answer.
pub async fn scrape(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse> {
    if !door::is_open_to(&request, &app.config) {
        let detail = "Metrics are for the host itself, or with the setting metrics_token as a bearer token.";
        return Err(Error::refused("metrics-closed", detail));
    }
    look(&app).await?;
    let mut text = String::new();
    text::encode(&mut text, &app.metrics.registry).map_err(Error::internal)?;
    Ok(HttpResponse::Ok().content_type(MEDIA_TYPE).body(text))
}

async fn look(app: &App) -> Result<()> {
    let now_shown = &app.metrics.now;
    let rows = app
        .db
        .read(|connection| Ok((sessions(connection)?, oldest_heartbeat(connection)?, uploads(connection)?)));
    let (states, oldest, uploads) = rows.await?;
    for state in SessionState::ALL.iter().copied() {
        let count = states.get(state.as_str()).copied().unwrap_or_default();
        now_shown.sessions.get_or_create(&State { state: state.as_str() }).set(count);
    }
    let age = oldest.map_or(0, |oldest| now().saturating_sub(oldest).max(0));
    now_shown.heartbeat_age.set(age as f64 / 1000.0);
    now_shown.uploads.set(uploads);
    let as_gauge = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    now_shown.channels.set(as_gauge(app.channels.connected_agents()));
    now_shown.listeners.set(as_gauge(app.events.listeners()));
    let (open, idle) = app.db.connections();
    now_shown.connections.set(i64::from(open));
    now_shown.connections_idle.set(i64::from(idle));
    now_shown.docker.set(i64::from(app.host.capacity().is_some()));
    now_shown.process.look();
    Ok(())
}

/// How many of each state.
fn sessions(connection: &mut Connection) -> Result<HashMap<String, i64>> {
    use schema::{workload_status as status, workloads};
    let counts: Vec<(String, i64)> = status::table
        .inner_join(workloads::table)
        .filter(workloads::kind.eq(SESSION))
        .filter(workloads::deleted_at.is_null())
        .group_by(status::state)
        .select((status::state, count_star()))
        .load(connection)?;
    Ok(counts.into_iter().collect())
}

/// When the segment that was billed longest ago among the open ones was billed.
fn oldest_heartbeat(connection: &mut Connection) -> Result<Option<i64>> {
    use schema::{heartbeats, segment_ends as ends};
    let ended = ends::table.filter(ends::segment_id.eq(heartbeats::segment_id));
    Ok(heartbeats::table.filter(not(exists(ended))).select(min(heartbeats::seen_at)).first(connection)?)
}

/// How many have not ended.
fn uploads(connection: &mut Connection) -> Result<i64> {
    use schema::uploads;
    Ok(uploads::table.filter(uploads::number.is_null()).count().get_result(connection)?)
}
