//! The one error of the server: what the person is told, and apart from it what only the log may know.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use atelier_api::problem::{Changed, FieldProblem, MEDIA_TYPE, MissingPermission, Problem};
use atelier_api::token::TokenScope;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An answer other than success. Faults of ours and of what we stand on carry a cause, which
/// is logged and never sent.
pub struct Error {
    problem: Box<Problem>,
    cause: Option<anyhow::Error>,
    retry_after_seconds: Option<u64>,
    collision: bool,
}

impl Error {
    fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Error {
        Error {
            problem: Box::new(Problem {
                status: status.as_u16(),
                code: code.to_owned(),
                title: status.canonical_reason().unwrap_or("Error").to_owned(),
                detail: detail.into(),
                fields: Vec::new(),
                missing: None,
                changed: None,
            }),
            cause: None,
            retry_after_seconds: None,
            collision: false,
        }
    }

    /// Absent, or not for the caller to know of: the same bytes.
    pub fn not_found() -> Error {
        Error::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here, or you may not see it.")
    }

    pub fn not_signed_in() -> Error {
        Error::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Sign in first.")
    }

    /// The access token is wrong, or not valid any more: which of these is not told.
    pub fn token_ended() -> Error {
        let detail = "This access token is not valid: it is unknown, expired or revoked. \
                      Make a new one on your profile.";
        Error::new(StatusCode::UNAUTHORIZED, "token-invalid", detail)
    }

    /// The caller comes with an access token, and this is for the person alone.
    pub fn not_by_token() -> Error {
        let detail = "No access token may do this, whatever its scope. Sign in and do it on Atelier's page.";
        Error::refused("not-by-token", detail)
    }

    /// The caller's role would do, the access token's scope does not.
    pub fn beyond_scope(scope: TokenScope, needed: TokenScope) -> Error {
        let detail = format!(
            "The scope of this access token is {scope}. This takes one with the scope {needed}: make it on \
             your profile."
        );
        Error::refused("token-scope", detail)
    }

    /// The caller is a program in a workload for which nobody may act any more.
    pub fn workload_over() -> Error {
        let detail = "This session has ended, or its person may no longer work here.";
        Error::new(StatusCode::UNAUTHORIZED, "workload-over", detail)
    }

    /// The caller is a program in a workload, and this is not for such.
    pub fn not_from_inside() -> Error {
        let detail =
            "A program inside a session may not do this, whoever started it. Do it on Atelier's page.";
        Error::refused("not-from-inside", detail)
    }

    /// The caller may see the thing but not do this to it.
    pub fn forbidden(missing: MissingPermission) -> Error {
        let detail = if missing.granted_by.is_empty() {
            format!("Your role does not allow to {} this {}.", missing.action, missing.object)
        } else {
            format!(
                "Your role does not allow to {} this {}. {} can grant it.",
                missing.action,
                missing.object,
                missing.granted_by.join(", ")
            )
        };
        let mut error = Error::new(StatusCode::FORBIDDEN, "forbidden", detail);
        error.problem.missing = Some(missing);
        error
    }

    /// Refused for another reason than a role: a limit, an origin.
    pub fn refused(code: &str, detail: impl Into<String>) -> Error {
        Error::new(StatusCode::FORBIDDEN, code, detail)
    }

    pub fn bad_request(code: &str, detail: impl Into<String>) -> Error {
        Error::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// The request reads well but its content is wrong, field by field.
    pub fn invalid(fields: Vec<FieldProblem>) -> Error {
        let detail =
            fields.iter().map(|f| format!("{}: {}", f.field, f.detail)).collect::<Vec<_>>().join("; ");
        let mut error = Error::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
        error.problem.fields = fields;
        error
    }

    pub fn invalid_field(field: &str, detail: impl Into<String>) -> Error {
        Error::invalid(vec![FieldProblem { field: field.to_owned(), detail: detail.into() }])
    }

    /// What the caller asks for does not go with the state of things.
    pub fn conflict(code: &str, detail: impl Into<String>) -> Error {
        Error::new(StatusCode::CONFLICT, code, detail)
    }

    /// Somebody else changed it since the caller read it.
    pub fn changed(change: Option<Changed>) -> Error {
        let detail = match &change {
            Some(Changed { by, .. }) => {
                format!("{by} changed this since you read it. Read it again, then repeat your change.")
            }
            None => "This is not as you read it. Read it again, then repeat your change.".to_owned(),
        };
        let mut error = Error::new(StatusCode::PRECONDITION_FAILED, "changed-meanwhile", detail);
        error.problem.changed = change;
        error
    }

    /// With what is wrong with which field.
    pub fn with_fields(mut self, fields: Vec<FieldProblem>) -> Error {
        self.problem.fields = fields;
        self
    }

    pub fn gone(code: &str, detail: impl Into<String>) -> Error {
        Error::new(StatusCode::GONE, code, detail)
    }

    pub fn rate_limited(retry_after_seconds: u64) -> Error {
        let mut error = Error::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate-limited",
            format!("Too many attempts. Try again in {retry_after_seconds} seconds."),
        );
        error.retry_after_seconds = Some(retry_after_seconds);
        error
    }

    pub fn status(status: StatusCode, code: &str, detail: impl Into<String>) -> Error {
        Error::new(status, code, detail)
    }

    /// Something that Atelier stands on does not answer now.
    pub fn unavailable(code: &str, detail: impl Into<String>, cause: impl Into<anyhow::Error>) -> Error {
        let mut error = Error::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        error.cause = Some(cause.into());
        error.retry_after_seconds = Some(5);
        error
    }

    /// The database does not answer now.
    pub fn database_away(cause: impl Into<anyhow::Error>) -> Error {
        let detail = "The database is busy or away. Try again in a moment.";
        Error::unavailable("database-unavailable", detail, cause)
    }

    /// A fault of ours.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Error {
        let detail = "Something went wrong on our side. Try again; if it stays, tell your administrator the \
                      request id.";
        Error::fault("internal", detail, cause)
    }

    /// A fault of ours that has a name.
    pub fn fault(code: &str, detail: impl Into<String>, cause: impl Into<anyhow::Error>) -> Error {
        let mut error = Error::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail);
        error.cause = Some(cause.into());
        error
    }

    /// A transaction lost against another; it is tried again before anybody hears of it.
    pub(crate) fn collision(cause: DieselError) -> Error {
        let detail = "Somebody else changed the same thing at the same moment. Try again.";
        let mut error = Error::unavailable("collision", detail, cause);
        error.collision = true;
        error
    }

    /// Whether a transaction lost against another and may be tried again.
    pub(crate) fn is_collision(&self) -> bool {
        self.collision
    }

    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.problem.code, self.problem.detail)?;
        match &self.cause {
            Some(cause) => write!(f, " ({cause:#})"),
            None => Ok(()),
        }
    }
}

/// As for display: logs show it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        if let Some(cause) = &self.cause {
            tracing::error!(code = %self.problem.code, cause = format!("{cause:#}"), "request failed");
        }
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.retry_after_seconds {
            response.insert_header(("retry-after", seconds.to_string()));
        }
        response.content_type(MEDIA_TYPE).body(serde_json::to_vec(&self.problem).unwrap_or_default())
    }
}

/// How the databases and their libraries say that they cannot be used now. A connection that is lost while a
/// query runs has no kind of its own.
const AWAY: [&str; 8] = [
    "database is locked",
    "terminating connection",
    "server closed the connection",
    "no connection to the server",
    "could not receive data from server",
    "could not send data to server",
    "the database system is",
    "canceling statement due to statement timeout",
];

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Error {
        match &error {
            DieselError::NotFound => Error::not_found(),
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Error::collision(error),
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => Error::database_away(error),
            DieselError::DatabaseError(_, info) => {
                let text = info.message();
                if text.contains("could not serialize") || text.contains("deadlock detected") {
                    Error::collision(error)
                } else if AWAY.iter().any(|sign| text.contains(sign)) {
                    Error::database_away(error)
                } else if text.contains("disk is full") || text.contains("No space left on device") {
                    disk_full(error)
                } else if text.contains("invalid byte sequence for encoding") {
                    // PostgreSQL keeps no NUL in a text, so no row has one.
                    Error::not_found()
                } else {
                    Error::internal(error)
                }
            }
            _ => Error::internal(error),
        }
    }
}

/// Nothing was changed; reads go on.
pub(crate) fn disk_full(cause: impl Into<anyhow::Error>) -> Error {
    let detail = "There is no room left on the server's disk, so nothing was changed. Tell an administrator.";
    let mut error = Error::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full", detail);
    error.cause = Some(cause.into());
    error
}

impl From<diesel::r2d2::PoolError> for Error {
    fn from(error: diesel::r2d2::PoolError) -> Error {
        Error::database_away(error)
    }
}

/// Whether a write failed because such a row exists already.
pub fn is_unique_violation(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}
