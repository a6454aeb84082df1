//! One-shot containers of the platform itself: the agent's binary in an otherwise empty image, as root,
//! with exactly the capabilities that its task needs.

use crate::{
    AGENT_PATH, Docker, Error, ImageId, Result,
    body::{bind, hardened},
    docker::{ask, within},
    spec::{INSTALLATION, KIND},
};
use bollard::{
    body_full,
    container::{AttachContainerResults, LogOutput},
    errors::Error as Bollard,
    models::{ContainerCreateBody, ContainerSummary, HostConfig, Mount},
    query_parameters::{
        AttachContainerOptionsBuilder, CreateImageOptionsBuilder, UploadToContainerOptionsBuilder,
        WaitContainerOptions,
    },
};
use bytes::Bytes;
use futures::TryStreamExt;
use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::io::AsyncWriteExt;

/// An image without any file, for tasks that bring their program along.
const EMPTY_IMAGE: &str = "atelier-empty";
/// The kind by which these containers are told from workloads.
const PLATFORM: &str = "platform";
/// No task takes longer.
const TASK_LIMIT: Duration = Duration::from_secs(35);
/// A platform container older than this was left behind by a server that died.
const LEFT_BEHIND_S: i64 = 50;

/// What the platform runs beside its workloads.
pub(crate) struct Task<'a> {
    pub(crate) installation: &'a str,
    /// The agent's binary on the Docker host.
    pub(crate) agent: &'a Path,
    /// The agent's arguments.
    pub(crate) arguments: Vec<String>,
    pub(crate) capabilities: &'a [&'a str],
    pub(crate) mounts: Vec<Mount>,
    /// `none` or `host`.
    pub(crate) network: &'a str,
    pub(crate) stdin: &'a [u8],
}

/// Whether it is a platform container that may still be at work, which is nobody's to clean up.
pub(crate) fn at_work(summary: &ContainerSummary) -> bool {
    let kind = summary.labels.as_ref().and_then(|labels| labels.get(KIND));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let born = summary.created.unwrap_or_default();
    kind.is_some_and(|kind| kind == PLATFORM) && i64::try_from(now).unwrap_or(i64::MAX) - born < LEFT_BEHIND_S
}

impl Docker {
    /// Runs the task to its end and gives what it printed; [`Error::Refused`] with that text if it
    /// failed. Takes at most a minute.
    pub(crate) async fn run(&self, task: Task<'_>) -> Result<String> {
        self.empty_image().await?;
        let id = ask(self.api().await?.create_container(None, task_body(&task))).await?.id;
        let outcome = self.run_created(&id, task.stdin).await;
        self.remove(&id).await?;
        let (code, output) = outcome?;
        match code {
            0 => Ok(output),
            _ => Err(Error::Refused(format!(
                "{} ended with {code}: {}",
                task.arguments.join(" "),
                output.trim()
            ))),
        }
    }

    /// Unpacks a tar archive at `path`, which is in one of the mounts of the task; nothing is run. Takes at
    /// most a minute.
    pub(crate) async fn put(&self, task: Task<'_>, path: &str, archive: Bytes) -> Result<()> {
        self.empty_image().await?;
        let id = ask(self.api().await?.create_container(None, task_body(&task))).await?.id;
        let options = UploadToContainerOptionsBuilder::new().path(path).build();
        let api = self.api().await?;
        let outcome =
            within(TASK_LIMIT, api.upload_to_container(&id, Some(options), body_full(archive))).await;
        self.remove(&id).await?;
        outcome
    }

    async fn run_created(&self, id: &str, stdin: &[u8]) -> Result<(i64, String)> {
        let api = self.api().await?;
        let options =
            AttachContainerOptionsBuilder::new().stdin(true).stdout(true).stderr(true).stream(true).build();
        within(TASK_LIMIT, async {
            let AttachContainerResults { output, mut input } =
                api.attach_container(id, Some(options)).await?;
            api.start_container(id, None).await?;
            input.write_all(stdin).await?;
            input.shutdown().await?;
            let output: Vec<LogOutput> = output.try_collect().await?;
            let text = output.iter().map(ToString::to_string).collect();
            let end = api.wait_container(id, None::<WaitContainerOptions>).try_collect::<Vec<_>>();
            match end.await {
                Ok(_) => Ok((0, text)),
                Err(Bollard::DockerContainerWaitError { code, .. }) => Ok((code, text)),
                Err(error) => Err(error),
            }
        })
        .await
    }

    /// An image without any file.
    pub(crate) async fn empty_image(&self) -> Result<ImageId> {
        if let Some(image) = self.image(EMPTY_IMAGE).await? {
            return Ok(image);
        }
        // A tar archive of nothing is its end marker: two blocks of zeros.
        let nothing = body_full(Bytes::from_static(&[0; 1024]));
        let options = CreateImageOptionsBuilder::new().from_src("-").repo(EMPTY_IMAGE).tag("latest");
        let import = self.api().await?.create_image(Some(options.build()), Some(nothing), None);
        ask(import.try_collect::<Vec<_>>()).await?;
        let made = self.image(EMPTY_IMAGE).await?;
        made.ok_or_else(|| Error::NotFound(format!("{EMPTY_IMAGE} was removed as soon as it was made")))
    }
}

pub(crate) fn task_body(task: &Task<'_>) -> ContainerCreateBody {
    let mut mounts = vec![bind(task.agent, AGENT_PATH, true)];
    mounts.extend(task.mounts.iter().cloned());
    ContainerCreateBody {
        image: Some(EMPTY_IMAGE.into()),
        labels: Some(HashMap::from([
            (INSTALLATION.into(), task.installation.into()),
            (KIND.into(), PLATFORM.into()),
        ])),
        user: Some("0:0".into()),
        entrypoint: Some(vec![AGENT_PATH.into()]),
        cmd: Some(task.arguments.clone()),
        open_stdin: Some(true),
        stdin_once: Some(true),
        host_config: Some(HostConfig {
            cap_add: Some(task.capabilities.iter().map(ToString::to_string).collect()),
            mounts: Some(mounts),
            network_mode: Some(task.network.into()),
            memory: Some(128 << 20),
            memory_swap: Some(128 << 20),
            pids_limit: Some(64),
            ..hardened()
        }),
        ..Default::default()
    }
}
