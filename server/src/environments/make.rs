//! From a definition to its image: what the server and the command line do alike.

use super::definition::Definition;
use super::network;
use crate::config::Config;
use anyhow::Context as _;
use atelier_sandbox::{Build, BuildError, Context, Docker, Error, Identity, ImageId, Pool, StepLimits};
use std::path::PathBuf;
use std::time::Duration;

/// The kind of container that a build's steps run in.
pub const BUILD: &str = "build";

/// Sub-processes of a step.
const PIDS: u32 = 4096;
/// What a step may write.
const DISK_BYTES: u64 = 8 << 30;
/// How long a step may take.
const STEP_LIMIT: Duration = Duration::from_secs(3600);

/// Where an image is made, and by whose settings.
pub(super) struct Place<'a> {
    pub(super) docker: &'a Docker,
    pub(super) config: &'a Config,
    pub(super) installation: &'a str,
    /// The range that networks are cut from. The firewall must be set.
    pub(super) pool: &'a Pool,
}

/// Why there is no image.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error(
        "The image {0}, which this environment is built from, is not on this host. An administrator makes it \
         with `cargo xtask base-image`."
    )]
    BaseMissing(String),
    #[error("The build cannot begin: {0:#}.")]
    Settings(anyhow::Error),
    #[error("The environment could not be built: {0}.")]
    Build(#[from] BuildError),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed::Build(error.into())
    }
}

/// The workload that a build is to Docker.
pub(super) fn workload(definition: &Definition) -> String {
    format!("build-{}", definition.about.id)
}

impl Place<'_> {
    /// Builds the image, telling each line of the log. `generation` tells this try from others.
    ///
    /// # Errors
    /// Says why there is none.
    pub(super) async fn make(
        &self,
        definition: &Definition,
        generation: i64,
        say: impl FnMut(&str) + Send,
    ) -> Result<ImageId, Failed> {
        for base in definition.recipe.bases() {
            if base.starts_with("atelier/") && self.docker.image(base).await?.is_none() {
                return Err(Failed::BaseMissing(base.to_owned()));
            }
        }
        let builds = network(self.installation);
        let network = self.docker.ensure_network(self.installation, &builds, self.pool).await?;
        let build = Build {
            identity: Identity {
                installation: self.installation.to_owned(),
                workload: workload(definition),
                generation,
                kind: BUILD.to_owned(),
            },
            recipe: definition.recipe.clone(),
            context: self.context(definition).await.map_err(Failed::Settings)?,
            tag: definition.tag(),
            limits: self.limits().await?,
            network: Some(network),
        };
        let built = self.docker.build(build, say).await;
        // It stays if another build uses it; then that one takes it away.
        self.docker.remove_network_if_empty(&builds).await.ok();
        Ok(built?)
    }

    /// Each step gets half of the host.
    async fn limits(&self) -> Result<StepLimits, Error> {
        let host = self.docker.daemon().await?;
        Ok(StepLimits {
            cpu_millis: host.cpus.saturating_mul(500),
            memory_bytes: host.memory_bytes / 2,
            pids: PIDS,
            disk_bytes: DISK_BYTES,
            duration: STEP_LIMIT,
        })
    }

    async fn context(&self, definition: &Definition) -> anyhow::Result<Context> {
        let settings: Vec<(&'static str, PathBuf)> = [
            ("ca-certificates.crt", &self.config.ca_certificates),
            ("pip.conf", &self.config.pip_config),
            ("apt.conf", &self.config.apt_config),
        ]
        .into_iter()
        .filter_map(|(name, path)| Some((name, path.clone()?)))
        .collect();
        let files = definition.files.clone();
        let files = move || files.into_iter().map(|(name, contents)| (name, contents.into()));
        let context = tokio::task::spawn_blocking(move || Context::new(files(), &settings)).await?;
        context.context("a setting's file")
    }
}
