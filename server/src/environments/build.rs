//! Building an environment's image, once for all who wait for it.

use super::definition::Definition;
use super::log::Log;
use super::{Environments, network, store};
use crate::app::App;
use crate::disk;
use crate::events::Change;
use crate::workloads::{DOCKER_AWAY, failure};
use actix_web::web::Data;
use anyhow::Context as _;
use atelier_api::session::Failure;
use atelier_sandbox::{Build, Context, Error, ImageId};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// What a build comes to.
pub(super) type Outcome = Result<ImageId, Failure>;

/// A build under way or the last one of this server.
#[derive(Clone)]
pub(super) struct Running {
    pub(super) log: Arc<Mutex<Log>>,
    pub(super) outcome: watch::Receiver<Option<Outcome>>,
}

impl Running {
    pub(super) fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).lines()
    }

    pub(super) fn is_over(&self) -> bool {
        self.outcome.borrow().is_some() || self.outcome.has_changed().is_err()
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

/// Begins to build; it goes on whoever still waits for it.
pub(super) fn begin(app: &Data<App>, definition: Arc<Definition>) -> Running {
    let (done, outcome) = watch::channel(None);
    let running = Running { log: Arc::default(), outcome };
    let (app, log) = (app.clone(), running.log.clone());
    tokio::spawn(async move {
        let outcome = build(&app, &definition, &log).await;
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

async fn build(app: &App, definition: &Arc<Definition>, log: &Arc<Mutex<Log>>) -> Outcome {
    let id = definition.about.id.clone();
    let say = |line: &str| {
        log.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
        app.events.tell(Change::BuildLine { environment: id.clone(), line: line.to_owned() });
    };
    let row = definition.clone();
    app.db
        .write(move |connection| store::building(connection, &row))
        .await
        .map_err(|error| failure("environment-build-failed", error.problem().detail.clone()))?;
    app.events.tell(Change::Environment { id: id.clone() });
    for base in definition.bases() {
        if base.starts_with("atelier/") && app.docker.image(&base).await.map_err(trouble)?.is_none() {
            let detail = format!(
                "The image {base}, which this environment is built from, is not on this host. An \
                 administrator makes it with `cargo xtask base-image`."
            );
            say(&detail);
            return Err(failure("base-image-missing", detail));
        }
    }
    if !app.workloads.has_firewall().await {
        let detail = "The host is not closed to containers, so nothing is built: an administrator runs the \
                      server as root, or lets it run containers with NET_ADMIN.";
        return Err(failure("environment-build-failed", detail));
    }
    if let Some(short) = disk::shortage(app) {
        return Err(failure(disk::Shortage::CODE, short.in_words()));
    }
    let installation = app.workloads.installation();
    let builds = network(installation);
    let network =
        app.docker.ensure_network(installation, &builds, app.workloads.pool()).await.map_err(trouble)?;
    let request = request(app, definition.clone(), network).await.map_err(|error| {
        failure("environment-build-failed", format!("The build cannot begin: {error:#}."))
    })?;
    let mut last = String::new();
    let built = app
        .docker
        .build(request, |line| {
            if !line.trim().is_empty() {
                say(line);
            }
            if !is_dockers_own(line) {
                line.trim().clone_into(&mut last);
            }
        })
        .await;
    // It stays if another build uses it; then that one takes it away.
    app.docker.remove_network_if_empty(&builds).await.ok();
    built.map_err(|error| match error {
        Error::Unreachable(_) => trouble(error),
        error => {
            say(&error.to_string());
            let detail = format!(
                "The environment could not be built: {error}. The build's log says more; its last words \
                 were: {last}"
            );
            failure("environment-build-failed", detail)
        }
    })
}

/// What the builder says between the steps tells nobody why a step failed.
fn is_dockers_own(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with("--->") || line.starts_with("Removing intermediate container")
}

fn trouble(error: Error) -> Failure {
    let code = if error.is_unreachable() { DOCKER_AWAY } else { "environment-build-failed" };
    failure(code, error.to_string())
}

/// Each step gets half of the host.
async fn request(app: &App, definition: Arc<Definition>, network: String) -> anyhow::Result<Build> {
    let capacity = app.host.capacity().context("Docker does not say what the host can hold")?;
    let half = |whole: i64| u64::try_from(whole / 2).unwrap_or_default();
    let folder = app.config.data_dir.join("run").join("environments").join(&definition.about.id);
    let settings: Vec<(&'static str, PathBuf)> = [
        ("ca-certificates.crt", app.config.ca_certificates.clone()),
        ("pip.conf", app.config.pip_config.clone()),
        ("apt.conf", app.config.apt_config.clone()),
    ]
    .into_iter()
    .filter_map(|(name, path)| Some((name, path?)))
    .collect();
    let tag = definition.tag();
    let context = tokio::task::spawn_blocking(move || pack(&definition, &folder, &settings)).await??;
    Ok(Build {
        context,
        dockerfile: "Dockerfile".to_owned(),
        tag,
        arguments: HashMap::new(),
        cpu_millis: u32::try_from(half(capacity.cpu_milli)).unwrap_or(u32::MAX),
        memory_bytes: half(capacity.memory_bytes),
        network: Some(network),
    })
}

fn pack(
    definition: &Definition,
    folder: &std::path::Path,
    settings: &[(&'static str, PathBuf)],
) -> anyhow::Result<Context> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    for (path, contents) in &definition.files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, contents)?;
    }
    Ok(Context::pack(folder, settings)?)
}

impl Environments {
    /// The image of the environment, built first if it is not there.
    ///
    /// # Errors
    /// Says why there is none and what to do.
    pub async fn image(&self, app: &Data<App>, id: &str) -> Outcome {
        let definition = self.definition(id).ok_or_else(|| {
            failure("environment-build-failed", format!("The environment {id} is no longer offered."))
        })?;
        if let Some(running) = self.build_under_way(id) {
            return running.wait().await;
        }
        if let Some(image) = app.docker.image(&definition.tag()).await.map_err(trouble)? {
            self.found(app, &definition, &image).await;
            return Ok(image);
        }
        self.join_or_begin(app, definition).wait().await
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
