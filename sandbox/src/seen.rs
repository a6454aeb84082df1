//! What Docker says of a container.

use crate::{ImageId, spec::Identity, timestamp::millis};
use bollard::models::{ContainerInspectResponse, ContainerState, ContainerStateStatusEnum as Status};

/// A container as Docker sees it at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub name: String,
    /// Docker's own id.
    pub id: String,
    /// `None` if our labels are incomplete: it carries our installation's label, but we did not make it
    /// so.
    pub identity: Option<Identity>,
    pub image: ImageId,
    pub state: State,
    /// When the last run began, milliseconds since the epoch by the host's clock.
    pub started_at_ms: Option<i64>,
    /// When the last run ended; after a crash of the host this is the moment dockerd came back.
    pub finished_at_ms: Option<i64>,
    /// Docker's reason when it could not start the container.
    pub error: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Made, not started yet.
    Created,
    Running,
    Paused,
    Exited {
        code: i64,
        /// The kernel killed the container's processes for memory.
        oom_killed: bool,
    },
    /// Being removed, or removal failed half-way; nothing of it runs.
    Dead,
    /// Docker lists it but did not say in time how it is. It may well be running.
    Unknown {
        cause: String,
    },
}

impl Seen {
    pub(crate) fn from_inspect(answer: ContainerInspectResponse) -> Self {
        let state = answer.state.unwrap_or_default();
        let running = state.running == Some(true);
        Self {
            name: answer.name.unwrap_or_default().trim_start_matches('/').to_owned(),
            id: answer.id.unwrap_or_default(),
            identity: answer
                .config
                .and_then(|config| config.labels)
                .and_then(|labels| Identity::from_labels(&labels)),
            image: ImageId(answer.image.unwrap_or_default()),
            started_at_ms: state.started_at.as_deref().and_then(millis),
            // A container that was started again still shows the end of its previous run.
            finished_at_ms: state.finished_at.as_deref().filter(|_| !running).and_then(millis),
            error: state.error.clone().filter(|error| !error.is_empty()),
            state: State::from_docker(&state),
        }
    }
}

impl State {
    fn from_docker(state: &ContainerState) -> Self {
        match state.status {
            Some(Status::CREATED) => Self::Created,
            Some(Status::RUNNING | Status::RESTARTING) => Self::Running,
            Some(Status::PAUSED) => Self::Paused,
            Some(Status::EXITED) => Self::Exited {
                code: state.exit_code.unwrap_or(-1),
                oom_killed: state.oom_killed == Some(true),
            },
            Some(Status::REMOVING | Status::DEAD) => Self::Dead,
            other => Self::Unknown { cause: format!("Docker reports the status {other:?}") },
        }
    }
}
