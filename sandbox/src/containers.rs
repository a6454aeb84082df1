//! The life of a workload's container.

use crate::{
    ContainerSpec, Docker, Error, Result, Seen, State,
    body::create_body,
    docker::{CALL_LIMIT, ask, within},
    platform,
    spec::{INSTALLATION, Identity},
};
use bollard::{
    models::ContainerSummary,
    query_parameters::{
        AttachContainerOptionsBuilder, CreateContainerOptionsBuilder, InspectContainerOptions,
        KillContainerOptionsBuilder, ListContainersOptionsBuilder, RemoveContainerOptionsBuilder,
        StopContainerOptionsBuilder,
    },
};
use futures::{StreamExt, stream};
use std::{collections::HashMap, time::Duration};
use tokio::io::AsyncWriteExt;

/// Containers asked about at once by [`Docker::list`].
const PARALLEL_INSPECTS: usize = 16;

impl Docker {
    /// Makes the container, stopped; returns its name. [`Error::Conflict`] if it exists already,
    /// [`Error::NotFound`] if the image or network does not.
    pub async fn create(&self, spec: &ContainerSpec) -> Result<String> {
        let name = spec.identity.container_name();
        let options = CreateContainerOptionsBuilder::new().name(&name).build();
        ask(self.api().await?.create_container(Some(options), create_body(spec))).await?;
        Ok(name)
    }

    /// Starts the container and gives the agent its bootstrap on standard input. If this fails or is cut
    /// short after the start, the agent sees a truncated bootstrap and ends.
    pub async fn start_with_bootstrap(&self, name: &str, bootstrap: &[u8]) -> Result<()> {
        let api = self.api().await?;
        let options = AttachContainerOptionsBuilder::new().stdin(true).stream(true).build();
        ask(async {
            let mut stdin = api.attach_container(name, Some(options)).await?.input;
            api.start_container(name, None).await?;
            stdin.write_all(bootstrap).await?;
            stdin.shutdown().await?;
            Ok(())
        })
        .await
    }

    /// SIGTERM, then SIGKILL after `grace`; returns when the container has ended, at the latest
    /// [`CALL_LIMIT`] after the grace. Fine if it has ended already.
    pub async fn stop(&self, name: &str, grace: Duration) -> Result<()> {
        let seconds = i32::try_from(grace.as_secs()).unwrap_or(i32::MAX);
        let options = StopContainerOptionsBuilder::new().t(seconds).build();
        within(grace + CALL_LIMIT, self.api().await?.stop_container(name, Some(options))).await
    }

    /// SIGKILL. [`Error::Conflict`] if it does not run.
    pub async fn kill(&self, name: &str) -> Result<()> {
        let options = KillContainerOptionsBuilder::new().signal("SIGKILL").build();
        ask(self.api().await?.kill_container(name, Some(options))).await
    }

    /// Removes the container, running or not; its named volumes stay. Fine if it is gone already or on
    /// its way.
    pub async fn remove(&self, name: &str) -> Result<()> {
        let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        match ask(self.api().await?.remove_container(name, Some(options))).await {
            Err(Error::NotFound(_) | Error::Conflict(_)) => Ok(()),
            other => other,
        }
    }

    /// [`Error::NotFound`] only if Docker says that there is no such container.
    pub async fn inspect(&self, name: &str) -> Result<Seen> {
        let options = None::<InspectContainerOptions>;
        Ok(Seen::from_inspect(ask(self.api().await?.inspect_container(name, options)).await?))
    }

    /// All containers of an installation, stopped ones included. A container of which Docker says
    /// nothing in time is in the list as [`State::Unknown`].
    pub async fn list(&self, installation: &str) -> Result<Vec<Seen>> {
        let filters = HashMap::from([("label", vec![format!("{INSTALLATION}={installation}")])]);
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        let summaries = ask(self.api().await?.list_containers(Some(options))).await?;
        Ok(stream::iter(summaries.into_iter().filter(|summary| !platform::at_work(summary)))
            .map(|summary| self.look(summary))
            .buffer_unordered(PARALLEL_INSPECTS)
            .filter_map(std::future::ready)
            .collect()
            .await)
    }

    /// `None` if the container went away since it was listed.
    async fn look(&self, summary: ContainerSummary) -> Option<Seen> {
        let id = summary.id.clone().unwrap_or_default();
        match self.inspect(&id).await {
            Ok(seen) => Some(seen),
            Err(Error::NotFound(_)) => None,
            Err(error) => Some(unknown(summary, &error)),
        }
    }
}

fn unknown(summary: ContainerSummary, error: &Error) -> Seen {
    let name = summary.names.unwrap_or_default().into_iter().next().unwrap_or_default();
    Seen {
        name: name.trim_start_matches('/').to_owned(),
        id: summary.id.unwrap_or_default(),
        identity: Identity::from_labels(&summary.labels.unwrap_or_default()),
        image: crate::ImageId(summary.image_id.unwrap_or_default()),
        state: State::Unknown { cause: error.to_string() },
        started_at_ms: None,
        finished_at_ms: None,
        error: None,
    }
}
