//! Which session a request is for: by its host, or by the port that it came to.

use super::{host, port};
use crate::app::App;
use crate::error::Result;
use crate::listen::Facts;
use actix_web::dev::ServiceRequest;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A page of a tool is a hundred requests: one question answers them all.
const FRESH: Duration = Duration::from_secs(1);

/// A place where a session may be reached.
pub(super) struct Place {
    /// The session's id, or what stands in its place.
    pub(super) session: String,
    /// Scheme, host and port.
    pub(super) origin: String,
}

/// Whose ports are whose, as lately asked.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<HashMap<u16, (Instant, String)>>>);

impl Places {
    /// `None` if the request is the application's.
    pub(super) async fn of(&self, app: &App, request: &ServiceRequest) -> Result<Option<Place>> {
        let config = &app.config;
        let Some(ports) = &config.session_ports else {
            let session = host::session_of(request.head(), config);
            return Ok(session.map(|session| Place { origin: config.session_url(&session), session }));
        };
        let port = request.conn_data::<Rc<Facts>>().map(|facts| facts.port());
        let Some(port) = port.filter(|port| ports.contains(*port)) else { return Ok(None) };
        let session = self.session_on(app, port).await?;
        Ok(Some(Place { session, origin: config.session_port_url(port) }))
    }

    /// Empty if there is none.
    async fn session_on(&self, app: &App, port: u16) -> Result<String> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().get(&port).filter(|(asked, _)| asked.elapsed() < FRESH).cloned();
        if let Some((_, session)) = known {
            return Ok(session);
        }
        let asked = Instant::now();
        let session = app.db.read(move |connection| port::session_on(connection, port)).await?;
        let session = session.unwrap_or_default();
        lock().insert(port, (asked, session.clone()));
        Ok(session)
    }
}
