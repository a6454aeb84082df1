//! Building an environment's image, once for all who wait for it.

use super::definition::Definition;
use super::log::Log;
use super::make::{Failed, Place};
use super::{Environments, store};
use crate::app::App;
use crate::db::now;
use crate::disk;
use crate::events::Change;
use crate::workloads::{DOCKER_AWAY, failure};
use actix_web::web::Data;
use atelier_api::session::Failure;
use atelier_sandbox::{BuildError, Error, ImageId};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, watch};

/// What a build comes to.
pub(super) type Outcome = Result<ImageId, Failure>;

/// A build under way or the last one of this server.
#[derive(Clone)]
pub(super) struct Running {
    pub(super) log: Arc<Mutex<Log>>,
    pub(super) outcome: watch::Receiver<Option<Outcome>>,
    cancelled: Arc<Notify>,
    /// Tells the containers of this build from those of others.
    pub(super) generation: i64,
}

impl Running {
    pub(super) fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).lines()
    }

    pub(super) fn is_over(&self) -> bool {
        self.outcome.borrow().is_some() || self.outcome.has_changed().is_err()
    }

    /// Ends the build; its containers go with it. It must be written down already.
    pub(super) fn cancel(&self) {
        self.cancelled.notify_one();
    }

    pub(super) async fn wait(mut self) -> Outcome {
        match self.outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or_else(|| Err(broken_off())),
            Err(_) => Err(broken_off()),
        }
    }
}

fn broken_off() -> Failure {
    failure(DOCKER_AWAY, "The build was broken off; it begins again by itself.")
}

fn cancelled() -> Failure {
    let detail = "The build of the environment was cancelled. Start again to build it anew.";
    failure("environment-build-cancelled", detail)
}

/// Begins to build; it goes on whoever still waits for it. `cause`: who asked for it, or for the session that
/// needs it; nobody if the server prepares it.
pub(super) fn begin(app: &Data<App>, definition: Arc<Definition>, cause: Option<String>) -> Running {
    let (done, outcome) = watch::channel(None);
    let cancel = Arc::new(Notify::new());
    let running = Running { log: Arc::default(), outcome, cancelled: cancel.clone(), generation: now() };
    let (app, log, generation) = (app.clone(), running.log.clone(), running.generation);
    tokio::spawn(async move {
        let outcome = tokio::select! {
            outcome = build(&app, &definition, (generation, cause), &log) => outcome,
            // The server that has it now begins anew.
            () = app.workloads.lease().lost() => return drop(done.send_replace(Some(Err(broken_off())))),
            () = cancel.notified() => {
                say(&app, &definition.about.id, &log, "The build was cancelled.");
                return drop(done.send_replace(Some(Err(cancelled()))));
            }
        };
        if let Err(failure) = &outcome {
            tracing::warn!(environment = definition.about.id, detail = failure.detail, "the build failed");
        }
        let written = write_down(&app, definition.clone(), outcome.clone()).await;
        if let Err(error) = written {
            tracing::error!(%error, "could not write down how the build ended");
        }
        done.send_replace(Some(outcome));
        app.events.tell(Change::Environment { id: definition.about.id.clone() });
    });
    running
}

async fn write_down(app: &App, definition: Arc<Definition>, outcome: Outcome) -> crate::error::Result<()> {
    let size = match &outcome {
        Ok(image) => app.docker.image_size(image).await.ok().flatten(),
        Err(_) => None,
    };
    app.db
        .write(move |connection| match &outcome {
            Ok(image) => store::ready(connection, &definition, &image.0, size).map(drop),
            Err(failure) => store::failed(connection, &definition, &failure.detail),
        })
        .await
}

async fn build(
    app: &App,
    definition: &Arc<Definition>,
    (generation, cause): (i64, Option<String>),
    log: &Arc<Mutex<Log>>,
) -> Outcome {
    let id = definition.about.id.clone();
    let say = |line: &str| say(app, &id, log, line);
    let row = definition.clone();
    app.db
        .write(move |connection| store::building(connection, &row, cause.as_deref()))
        .await
        .map_err(|error| failure(FAILED, error.problem().detail.clone()))?;
    app.events.tell(Change::Environment { id: id.clone() });
    if !app.workloads.has_firewall().await {
        let detail = "The host is not closed to containers, so nothing is built: an administrator runs the \
                      server as root, or lets it run containers with NET_ADMIN.";
        return Err(failure(FAILED, detail));
    }
    if let Some(short) = disk::shortage(app) {
        return Err(failure(disk::Shortage::CODE, short.in_words()));
    }
    let (installation, pool) = (app.workloads.installation(), app.workloads.pool());
    let place = Place { docker: &app.docker, config: &app.config, installation, pool };
    place.make(definition, generation, say).await.map_err(|failed| {
        say(&failed.to_string());
        match failed {
            Failed::Build(BuildError::Docker(error)) if error.is_unreachable() => trouble(error),
            Failed::BaseMissing(_) => failure("base-image-missing", failed.to_string()),
            failed => failure(FAILED, format!("{failed} The build's log says more.")),
        }
    })
}

/// Adds a line to the log.
fn say(app: &App, id: &str, log: &Mutex<Log>, line: &str) {
    if line.starts_with("Step ") {
        tracing::info!(environment = id, "{line}");
    }
    log.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
    app.events.tell(Change::BuildLine { environment: id.to_owned(), line: line.to_owned() });
}

const FAILED: &str = "environment-build-failed";

fn trouble(error: Error) -> Failure {
    let code = if error.is_unreachable() { DOCKER_AWAY } else { FAILED };
    failure(code, error.to_string())
}

impl Environments {
    /// The image of the environment, built first if it is not there, because of `cause`.
    ///
    /// # Errors
    /// Says why there is none and what to do.
    pub async fn image(&self, app: &Data<App>, id: &str, cause: Option<&str>) -> Outcome {
        let definition = self
            .definition(id)
            .ok_or_else(|| failure(FAILED, format!("The environment {id} is no longer offered.")))?;
        if let Some(running) = self.build_under_way(id) {
            return running.wait().await;
        }
        if let Some(image) = app.docker.image(&definition.tag()).await.map_err(trouble)? {
            self.found(app, &definition, &image).await;
            return Ok(image);
        }
        self.join_or_begin(app, definition, cause.map(str::to_owned)).wait().await
    }

    /// Writes down that the image is there.
    pub(super) async fn found(&self, app: &App, definition: &Arc<Definition>, image: &ImageId) {
        let size = app.docker.image_size(image).await.ok().flatten();
        let (row, digest) = (definition.clone(), image.0.clone());
        match app.db.write(move |connection| store::ready(connection, &row, &digest, size)).await {
            Ok(true) => app.events.tell(Change::Environment { id: definition.about.id.clone() }),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "could not note that an environment is ready"),
        }
    }
}
