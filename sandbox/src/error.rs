//! What can go wrong with Docker, told apart by what the caller may conclude from it.

use bollard::errors::Error as Bollard;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why Docker did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No usable answer: the daemon is away, too slow, or cut the connection. What was asked may or may
    /// not have happened; look again before concluding anything.
    #[error("Docker cannot be reached: {0}")]
    Unreachable(String),
    /// Docker answered that the thing does not exist.
    #[error("Docker does not know it: {0}")]
    NotFound(String),
    /// The name is taken, or the thing is in a state that does not allow this.
    #[error("Docker reports a conflict: {0}")]
    Conflict(String),
    /// Docker answered that it will not or cannot; the text is its cause.
    #[error("Docker refused: {0}")]
    Refused(String),
}

impl Error {
    /// Whether Docker's answer is missing, so that nothing may be concluded.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable(_))
    }
}

/// What a daemon says that is about to end, and has closed its own books already.
const ENDING: &str = "failed to update store for object type";

impl From<Bollard> for Error {
    fn from(error: Bollard) -> Self {
        match error {
            Bollard::DockerResponseServerError { status_code, message } => match status_code {
                404 => Self::NotFound(message),
                409 => Self::Conflict(message),
                502..=504 => Self::Unreachable(message),
                500 if message.contains(ENDING) => Self::Unreachable(message),
                _ => Self::Refused(message),
            },
            Bollard::DockerStreamError { error } => Self::Refused(error),
            Bollard::DockerContainerWaitError { error, code } => {
                Self::Refused(format!("exit code {code} {error}"))
            }
            other => Self::Unreachable(with_sources(&other)),
        }
    }
}

/// hyper and bollard keep the reason ("connection refused") in the source of what they display.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
