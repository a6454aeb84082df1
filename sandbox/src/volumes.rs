//! Named volumes: what outlives a container.

use crate::{
    Docker, Error, Result, VolumeMount, body::volume, docker::ask, platform::Task, spec::INSTALLATION,
};
use bollard::{models::VolumeCreateRequest, query_parameters::RemoveVolumeOptions};
use bytes::Bytes;
use std::{collections::HashMap, path::Path};

impl Docker {
    /// Makes the volume unless it exists.
    pub async fn ensure_volume(&self, installation: &str, name: &str) -> Result<()> {
        let request = VolumeCreateRequest {
            name: Some(name.into()),
            labels: Some(HashMap::from([(INSTALLATION.into(), installation.into())])),
            ..Default::default()
        };
        ask(self.api().await?.create_volume(request)).await.map(|_| ())
    }

    /// Hands the volumes' top folders to the user of the tools: fresh ones belong to root. What is in
    /// them is left alone. Takes at most a minute.
    pub async fn prepare_volumes(&self, installation: &str, agent: &Path, names: &[&str]) -> Result<()> {
        let targets = (0..names.len()).map(|index| format!("/v/{index}"));
        let mounts = names
            .iter()
            .zip(targets.clone())
            .map(|(name, target)| volume(&VolumeMount { volume: (*name).into(), target, read_only: false }));
        self.run(Task {
            installation,
            agent,
            mounts: mounts.collect(),
            arguments: std::iter::once("prepare".into()).chain(targets).collect(),
            capabilities: &["CHOWN"],
            network: "none",
            stdin: &[],
        })
        .await
        .map(|_| ())
    }

    /// Unpacks a tar archive into the volume, by the owners and modes that it names.
    pub async fn fill_volume(
        &self,
        installation: &str,
        agent: &Path,
        name: &str,
        archive: Bytes,
    ) -> Result<()> {
        const TARGET: &str = "/v";
        let mount = VolumeMount { volume: name.into(), target: TARGET.into(), read_only: false };
        let task = Task {
            installation,
            agent,
            arguments: Vec::new(),
            capabilities: &[],
            mounts: vec![volume(&mount)],
            network: "none",
            stdin: &[],
        };
        self.put(task, TARGET, archive).await
    }

    /// Deletes the volume and all that is in it; [`Error::Conflict`] while a container uses it. Fine if
    /// it is gone already.
    pub async fn remove_volume(&self, name: &str) -> Result<()> {
        match ask(self.api().await?.remove_volume(name, None::<RemoveVolumeOptions>)).await {
            Err(Error::NotFound(_)) => Ok(()),
            other => other,
        }
    }
}
