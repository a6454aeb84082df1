//! From a request on a session's host to its answer.

use super::admission::Admissions;
use super::client::{self, Client};
use super::enter;
use super::forward::forward;
use super::notice::Notice;
use super::place::{Place, Places};
use super::{cookie, interaction, origin};
use crate::app::App;
use crate::error::Error;
use crate::http::viewer;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::UPGRADE;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use atelier_api::session::SessionState;

/// The sessions' hosts, for all of the server's threads.
#[derive(Clone)]
pub struct SessionHosts {
    app: web::Data<App>,
    admissions: Admissions,
    places: Places,
}

/// What one of the server's threads has: connections to tools stay with their thread.
pub struct Worker {
    app: web::Data<App>,
    admissions: Admissions,
    places: Places,
    client: Client,
}

impl SessionHosts {
    pub fn new(app: web::Data<App>) -> SessionHosts {
        SessionHosts { app, admissions: Admissions::default(), places: Places::default() }
    }

    /// What [`dispatch`] needs on each of the server's threads.
    pub fn worker(&self) -> web::Data<Worker> {
        web::Data::new(Worker {
            app: self.app.clone(),
            admissions: self.admissions.clone(),
            places: self.places.clone(),
            client: client::new(self.app.channels.clone()),
        })
    }
}

/// The first middleware that answers: each request for a session, so that only the others come through to the
/// application.
pub async fn dispatch(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let worker = request.app_data::<web::Data<Worker>>().cloned();
    let worker = worker.ok_or_else(|| Error::internal(anyhow::anyhow!("a thread has no session hosts")))?;
    let place = match worker.places.of(&worker.app, &request).await {
        Ok(None) => return Ok(next.call(request).await?.map_into_left_body()),
        Ok(Some(place)) => Ok(place),
        Err(error) => Err(Notice::from(error)),
    };
    if place
        .as_ref()
        .is_ok_and(|place| worker.app.config.session_ports.is_none() && place.session == viewer::LABEL)
    {
        let (request, _) = request.into_parts();
        let response = worker.app.viewer.on_its_host(&request);
        return Ok(ServiceResponse::new(request, response).map_into_right_body());
    }
    let (request, mut payload) = request.into_parts();
    let payload = web::Payload::from_request(&request, &mut payload).await?;
    let mut page = None;
    let served = match place {
        Ok(place) => worker.serve(place, &request, payload, &mut page).await,
        Err(notice) => Err(notice),
    };
    let response = match served {
        Ok(response) => response,
        Err(notice) => notice.answer(&worker.app, request.headers(), page.as_deref()),
    };
    Ok(ServiceResponse::new(request, response).map_into_right_body())
}

impl Worker {
    /// `page` becomes the session's page in the application once the browser may know it.
    async fn serve(
        &self,
        place: Place,
        request: &HttpRequest,
        payload: web::Payload,
        page: &mut Option<String>,
    ) -> Result<HttpResponse, Notice> {
        let config = &self.app.config;
        let Place { session: id, origin: own } = place;
        if uuid::Uuid::try_parse(&id).is_err() {
            return Err(Notice::NotOpened);
        }
        let upgrade = request.headers().contains_key(UPGRADE);
        if !origin::permits(request.method(), upgrade, request.headers(), &own) {
            return Err(Notice::Foreign);
        }
        let admitted = match cookie::token(request, config, &id) {
            Some(token) => self.admissions.of(&self.app, &id, &token).await?,
            None => None,
        };
        if request.path() == enter::PATH && request.method() == Method::GET {
            let entered = enter::enter(request, &self.app, &id).await;
            // Who comes back to a used link is in already.
            return if admitted.is_some() {
                entered.or_else(|_| Ok(enter::to_the_tool().finish()))
            } else {
                entered
            };
        }
        if request.path().starts_with(enter::RESERVED) {
            return Err(Notice::NotFound);
        }
        let (admitted, admission) = admitted.ok_or(Notice::NotOpened)?;
        *page = Some(admitted.page.clone());
        if !admitted.runs() {
            let starting = admitted.state == SessionState::Starting;
            return Err(if starting { Notice::Starting } else { Notice::NotRunning });
        }
        if interaction::shows_in(request.method(), request.path()) {
            self.app.channels.interaction(&id);
        }
        let scheme = own.split(':').next().unwrap_or_default();
        let (channels, key) = (self.app.channels.clone(), id.clone());
        let interaction = move || channels.interaction(&key);
        forward(&self.client, &id, scheme, request, payload, admission, interaction).await
    }
}
