//! Filling a volume by a container of the platform's own, for as long as it takes.

use crate::{
    Docker, Error, Identity, Result, State, VolumeMount,
    body::volume,
    docker::{CALL_LIMIT, ask, within},
    platform::{Task, task_body},
};
use bollard::{
    container::AttachContainerResults,
    errors::Error as Bollard,
    models::ContainerCreateBody,
    query_parameters::{AttachContainerOptionsBuilder, CreateContainerOptionsBuilder},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use std::{path::Path, pin::pin, time::Duration};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::{sleep, timeout};

const TARGET: &str = "/v";
/// No write to the program takes longer while it is alive: its disk may be busy, but not dead.
const STALLED: Duration = Duration::from_secs(120);
/// For the system to bring to the disk what is still in memory.
const SYNC: Duration = Duration::from_secs(900);
/// Between two looks whether it has ended.
const LOOK: Duration = Duration::from_millis(50);
/// What is kept of what the program says.
const SAID: usize = 4096;

/// Which volume is filled by which container.
#[derive(Clone, Copy, Debug)]
pub struct Fill<'a> {
    /// By its kind whoever lists containers knows it; its name is used once.
    pub identity: &'a Identity,
    /// The agent's binary on the Docker host.
    pub agent: &'a Path,
    pub volume: &'a str,
}

/// Why a volume was not filled. What is in it then is of no use.
#[derive(Debug, thiserror::Error)]
pub enum FillError<E> {
    #[error(transparent)]
    Docker(#[from] Error),
    /// What was to be put into it could not be read.
    #[error("{0}")]
    Source(E),
    /// The program gave up.
    #[error("it ended with {code}: {said}")]
    Ended { code: i64, said: String },
}

impl Docker {
    /// Runs the agent's `fill` on an empty volume with these bytes as its input, and removes the container. If this
    /// is cut short, the program sees its input end and gives up, and its container is left.
    pub async fn fill<E>(
        &self,
        fill: Fill<'_>,
        bytes: impl Stream<Item = std::result::Result<Bytes, E>>,
    ) -> std::result::Result<(), FillError<E>> {
        let name = fill.identity.container_name();
        self.empty_image().await?;
        let options = CreateContainerOptionsBuilder::new().name(&name).build();
        ask(self.api().await?.create_container(Some(options), body(fill))).await?;
        let outcome = self.feed(&name, bytes).await;
        let removed = self.remove(&name).await;
        outcome.and(removed.map_err(FillError::Docker))
    }

    async fn feed<E>(
        &self,
        name: &str,
        bytes: impl Stream<Item = std::result::Result<Bytes, E>>,
    ) -> std::result::Result<(), FillError<E>> {
        let api = self.api().await?;
        let options =
            AttachContainerOptionsBuilder::new().stdin(true).stdout(true).stderr(true).stream(true).build();
        let AttachContainerResults { output, input } = ask(api.attach_container(name, Some(options))).await?;
        ask(api.start_container(name, None)).await?;
        let mut said = pin!(output.try_fold(String::new(), async |mut said, part| {
            if said.len() < SAID {
                said.push_str(&part.to_string());
            }
            Ok(said)
        }));
        let (fed, early) = tokio::select! {
            fed = write(input, bytes) => (fed, None),
            // It has ended: what is not taken any more need not be sent.
            early = &mut said => (Ok(()), Some(early)),
        };
        if let Err(FillError::Source(error)) = fed {
            return Err(FillError::Source(error));
        }
        let said = match early {
            Some(early) => early,
            None => {
                let limit = if fed.is_ok() { SYNC } else { CALL_LIMIT };
                let late = |_| Error::Unreachable(format!("{name} does not end"));
                timeout(limit, said).await.map_err(late)?
            }
        };
        match self.exit_code(name).await? {
            0 => Ok(()),
            code => Err(FillError::Ended { code, said: said.unwrap_or_default().trim().to_owned() }),
        }
    }

    /// How the program ended, which may take Docker a moment to notice.
    async fn exit_code(&self, name: &str) -> Result<i64> {
        let look = async {
            loop {
                match self.inspect(name).await?.state {
                    State::Exited { code, .. } => return Ok(code),
                    State::Running => sleep(LOOK).await,
                    other => return Err(Error::Unreachable(format!("{name} is {other:?}"))),
                }
            }
        };
        let late = |_| Error::Unreachable(format!("{name} does not end"));
        timeout(CALL_LIMIT, look).await.map_err(late)?
    }
}

async fn write<E>(
    mut input: impl AsyncWrite + Unpin,
    bytes: impl Stream<Item = std::result::Result<Bytes, E>>,
) -> std::result::Result<(), FillError<E>> {
    let mut bytes = pin!(bytes);
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(FillError::Source)?;
        within(STALLED, async { Ok::<_, Bollard>(input.write_all(&piece).await?) }).await?;
    }
    within(STALLED, async { Ok::<_, Bollard>(input.shutdown().await?) }).await?;
    Ok(())
}

fn body(fill: Fill<'_>) -> ContainerCreateBody {
    let mount = VolumeMount { volume: fill.volume.into(), target: TARGET.into(), read_only: false };
    let task = Task {
        installation: &fill.identity.installation,
        agent: fill.agent,
        arguments: vec!["fill".into(), TARGET.into()],
        capabilities: &[],
        mounts: vec![volume(&mount)],
        network: "none",
        stdin: &[],
    };
    ContainerCreateBody { labels: Some(fill.identity.labels()), ..task_body(&task) }
}
