//! Named volumes: what outlives a container.

use crate::{
    Docker, Error, Result, VolumeMount,
    body::volume,
    docker::ask,
    platform::Task,
    spec::{INSTALLATION, KIND},
};
use bollard::{
    models::VolumeCreateRequest,
    query_parameters::{ListVolumesOptionsBuilder, RemoveVolumeOptions},
};
use bytes::Bytes;
use std::{collections::HashMap, path::Path};

impl Docker {
    /// Makes the volume unless it exists.
    pub async fn ensure_volume(&self, installation: &str, name: &str) -> Result<()> {
        self.make_volume(name, HashMap::from([(INSTALLATION.into(), installation.into())])).await
    }

    /// Makes a volume that holds data which can be had again: [`Docker::data_volumes`] lists it.
    pub async fn make_data_volume(&self, installation: &str, name: &str) -> Result<()> {
        self.make_volume(name, data_labels(installation)).await
    }

    async fn make_volume(&self, name: &str, labels: HashMap<String, String>) -> Result<()> {
        let request =
            VolumeCreateRequest { name: Some(name.into()), labels: Some(labels), ..Default::default() };
        ask(self.api().await?.create_volume(request)).await.map(|_| ())
    }

    /// The names of the installation's volumes that [`Docker::make_data_volume`] made.
    pub async fn data_volumes(&self, installation: &str) -> Result<Vec<String>> {
        let labels = data_labels(installation).into_iter().map(|(name, value)| format!("{name}={value}"));
        let filters = HashMap::from([("label", labels.collect::<Vec<_>>())]);
        let options = ListVolumesOptionsBuilder::new().filters(&filters).build();
        let found = ask(self.api().await?.list_volumes(Some(options))).await?;
        Ok(found.volumes.unwrap_or_default().into_iter().map(|volume| volume.name).collect())
    }

    /// Whether there is a volume that [`Docker::make_data_volume`] made: one that Docker makes for a mount is none.
    pub async fn has_data_volume(&self, installation: &str, name: &str) -> Result<bool> {
        match ask(self.api().await?.inspect_volume(name)).await {
            Ok(found) => {
                Ok(data_labels(installation).iter().all(|(key, value)| found.labels.get(key) == Some(value)))
            }
            Err(Error::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
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

fn data_labels(installation: &str) -> HashMap<String, String> {
    HashMap::from([(INSTALLATION.into(), installation.into()), (KIND.into(), "data".into())])
}
