use atelier_api::problem::Problem;
use std::fmt::Display;

/// Why a command ended otherwise than asked. Its text says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    #[error("no access token is kept for {0}. Run `atelier login {0}`, or set ATELIER_TOKEN.")]
    NoToken(String),
    /// The server's own words.
    #[error("{}", told(.0))]
    Refused(Box<Problem>),
    #[error(
        "{server} does not answer: {cause}. Look whether the address is right and the server runs; then run this again."
    )]
    Unreachable { server: String, cause: String },
    /// A file or folder of this machine.
    #[error("{what}: {source}")]
    Here { what: String, source: std::io::Error },
    #[error(
        "{0} was changed while it was read. Run this again when nothing writes to it; it goes on where it was."
    )]
    Changed(String),
    /// What came is not what was listed.
    #[error("{0}")]
    Damaged(String),
    #[error("broken off. Run the same again to go on where it was.")]
    BrokenOff,
}

impl Error {
    /// For `map_err`: what was being done on this machine.
    pub(crate) fn here(what: impl Display) -> impl FnOnce(std::io::Error) -> Error {
        move |source| Error::Here { what: what.to_string(), source }
    }

    /// For `map_err`: a part of the program that did not come to its end.
    pub(crate) fn stopped(error: tokio::task::JoinError) -> Error {
        Error::Damaged(format!("a part of this program ended: {error}"))
    }

    /// Whether the server refused with this code.
    pub(crate) fn is(&self, code: &str) -> bool {
        matches!(self, Error::Refused(problem) if problem.code == code)
    }

    /// Whether the server knows no such thing.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Error::Refused(problem) if problem.status == 404)
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Error::Here { .. } | Error::Changed(_) | Error::Damaged(_) => 1,
            Error::Usage(_) => 2,
            Error::NoToken(_) => 3,
            Error::Refused(problem) => match problem.status {
                400 | 415 | 422 => 2,
                401 => 3,
                403 => 5,
                404 | 410 => 4,
                409 | 412 => 6,
                _ => 7,
            },
            Error::Unreachable { .. } => 7,
            Error::BrokenOff => 130,
        }
    }
}

fn told(problem: &Problem) -> String {
    let mut text = problem.detail.clone();
    for field in &problem.fields {
        text.push_str(&format!("\n  {}: {}", field.field, field.detail));
    }
    if let Some(missing) = &problem.missing
        && !missing.granted_by.is_empty()
    {
        text.push_str(&format!("\n  It can be granted by {}.", missing.granted_by.join(", ")));
    }
    if problem.status == 401 {
        text.push_str("\n  `atelier login` takes a new access token.");
    }
    text
}
