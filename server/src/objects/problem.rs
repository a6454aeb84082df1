//! What people are told when the store refuses or fails.

use crate::error::{Error, disk_full};
use actix_web::http::StatusCode;
use atelier_api::problem::FieldProblem;
use atelier_store::Error as StoreError;
use std::io::ErrorKind::{QuotaExceeded, StorageFull};

/// The code of an answer after which the same is tried with another session of the store.
pub const SESSION_OVER: &str = "upload-session-over";
/// Lacking chunks that are named in one answer.
const NAMED: usize = 100;

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        let told = error.to_string();
        match error {
            StoreError::Path { .. } => Error::invalid_field("path", told),
            StoreError::NotFound { .. } => Error::not_found(),
            StoreError::Conflict { .. } => Error::conflict("path-taken", told),
            StoreError::Lacking(chunks) => {
                let named = chunks.iter().take(NAMED);
                let fields =
                    named.map(|chunk| FieldProblem { field: "chunks".into(), detail: chunk.to_string() });
                let detail =
                    format!("{} chunks must be sent first. Send them and repeat this.", chunks.len());
                Error::conflict("chunks-lacking", detail).with_fields(fields.collect())
            }
            StoreError::WrongHash { .. } => {
                Error::status(StatusCode::UNPROCESSABLE_ENTITY, "wrong-hash", told)
            }
            StoreError::TooLarge { .. } => Error::status(StatusCode::PAYLOAD_TOO_LARGE, "too-large", told),
            StoreError::Expired => {
                Error::conflict(SESSION_OVER, "This took too long. Ask again which chunks are lacking.")
            }
            StoreError::Full => disk_full(error),
            StoreError::Local { ref source, .. } if [StorageFull, QuotaExceeded].contains(&source.kind()) => {
                disk_full(error)
            }
            StoreError::Backend { .. } | StoreError::Stopped => {
                let detail =
                    "The storage of files does not answer. Nothing was changed; try again in a moment.";
                Error::unavailable("storage-unavailable", detail, error)
            }
            StoreError::Damaged { .. } | StoreError::Missing(_) | StoreError::UnknownFormat { .. } => {
                let detail = "What is stored here is damaged and not given out. Tell an administrator: \
                              `atelier storage verify` says what is damaged.";
                Error::fault("data-damaged", detail, error)
            }
            StoreError::NotReadable(_)
            | StoreError::Unfit(_)
            | StoreError::Vanished(_)
            | StoreError::Setting(_)
            | StoreError::Local { .. } => Error::internal(error),
        }
    }
}
