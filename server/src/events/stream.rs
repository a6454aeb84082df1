//! One stream of server-sent events per open page.

use super::hub::Change;
use super::shown::shown;
use crate::access::live::LiveConnection;
use crate::access::{Access, ReadOrganization, Routes, Viewer, route};
use crate::app::App;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::Organization;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use atelier_api::event::Event;
use diesel::prelude::*;
use futures::Stream;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

pub fn routes(routes: &mut Routes) {
    route!(routes, [events]);
}

/// Changes that are answered with one pass over the database.
const BATCH: usize = 200;
/// A sign of life, so that proxies and browsers keep the connection.
const QUIET: Duration = Duration::from_secs(20);

/// What changes while the page is open, as far as the caller may see it. The first event is `resync`.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/events", tag = "events",
    params(("organization" = String, Path)),
    responses((status = 200, description = "Server-sent events", body = Event,
        content_type = "text/event-stream")), security(("signIn" = [])))]
async fn events(access: Access<Organization, ReadOrganization>, app: web::Data<App>) -> Result<HttpResponse> {
    let (user_id, organization_id) = (access.caller().user.id.clone(), access.row().id.clone());
    let sign_in_id = access.caller().sign_in_id()?.to_owned();
    let live = {
        let (user_id, organization_id) = (user_id.clone(), organization_id.clone());
        app.live.register(move |connection, now| {
            still_here(connection, &sign_in_id, &organization_id, &user_id, now)
        })
    };
    let listener = Listener { changes: app.events.listen(), app, live, user_id, organization_id };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(listener.stream()))
}

struct Listener {
    changes: Receiver<Change>,
    app: web::Data<App>,
    live: LiveConnection,
    user_id: String,
    organization_id: String,
}

impl Listener {
    fn stream(self) -> impl Stream<Item = Result<web::Bytes, std::convert::Infallible>> {
        futures::stream::unfold((self, true), |(mut listener, first)| async move {
            let part = if first { Some(text(&[Event::Resync])) } else { listener.next().await };
            part.map(|part| (Ok(part), (listener, false)))
        })
    }

    /// The next part of the stream; `None` when the right to it has ended.
    async fn next(&mut self) -> Option<web::Bytes> {
        loop {
            let changes = tokio::select! {
                () = self.live.cancelled() => return None,
                () = tokio::time::sleep(QUIET) => return Some(web::Bytes::from_static(b": still here\n\n")),
                changes = batch(&mut self.changes) => changes?,
            };
            let Some(changes) = changes else { return Some(text(&[Event::Resync])) };
            match self.shown(changes).await {
                Ok(Some(events)) if events.is_empty() => {}
                Ok(Some(events)) => return Some(text(&events)),
                Ok(None) => return None,
                Err(error) => {
                    tracing::warn!(%error, "events were lost");
                    return Some(text(&[Event::Resync]));
                }
            }
        }
    }

    async fn shown(&self, changes: Vec<Change>) -> Result<Option<Vec<Event>>> {
        let app = self.app.clone();
        let (user_id, organization_id) = (self.user_id.clone(), self.organization_id.clone());
        self.app
            .db
            .read(move |connection| {
                let Some(viewer) = Viewer::load(connection, &app.policies, &organization_id, &user_id)?
                else {
                    return Ok(None);
                };
                let mut events = Vec::new();
                for change in changes {
                    events.extend(shown(connection, &app, &viewer, change)?);
                }
                Ok(Some(events))
            })
            .await
    }
}

/// Waits for a change and takes those that came with it, each once. `Some(None)` if some were lost, `None`
/// at the end of the server.
async fn batch(changes: &mut Receiver<Change>) -> Option<Option<Vec<Change>>> {
    let mut taken = match changes.recv().await {
        Ok(Change::Missed) | Err(RecvError::Lagged(_)) => return Some(None),
        Ok(change) => vec![change],
        Err(RecvError::Closed) => return None,
    };
    while taken.len() < BATCH {
        match changes.try_recv() {
            Ok(Change::Missed) | Err(TryRecvError::Lagged(_)) => return Some(None),
            Ok(change) if matches!(change, Change::BuildLine { .. }) || !taken.contains(&change) => {
                taken.push(change);
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    Some(Some(taken))
}

fn text(events: &[Event]) -> web::Bytes {
    let mut text = String::new();
    for event in events {
        if let Ok(json) = serde_json::to_string(event) {
            text.push_str("data: ");
            text.push_str(&json);
            text.push_str("\n\n");
        }
    }
    text.into()
}

fn still_here(
    connection: &mut Connection,
    sign_in_id: &str,
    organization_id: &str,
    user_id: &str,
    now: i64,
) -> Result<bool> {
    use schema::{organization_members as members, sign_ins};
    let found: i64 = sign_ins::table
        .inner_join(members::table.on(members::user_id.eq(sign_ins::user_id)))
        .filter(sign_ins::id.eq(sign_in_id))
        .filter(sign_ins::expires_at.gt(now))
        .filter(members::organization_id.eq(organization_id))
        .filter(members::user_id.eq(user_id))
        .filter(members::disabled_at.is_null())
        .count()
        .get_result(connection)?;
    Ok(found > 0)
}
