use crate::PackId;
use atelier_chunk::ChunkId;
use std::sync::Arc;

/// What can go wrong in the store, and what to do then.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A path that the store does not take. The client's fault.
    #[error("the path {path:?} {reason}")]
    Path {
        /// The path as it was given, not UTF-8 parts replaced.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Nothing has this path in this version.
    #[error("there is no {path:?} in this version")]
    NotFound {
        /// The path that was looked for.
        path: String,
    },
    /// A file where a folder should be, or the other way round.
    #[error("{path:?} is a {is}; remove it first")]
    Conflict {
        /// The path in the way.
        path: String,
        /// `file` or `folder`.
        is: &'static str,
    },
    /// Chunks that were neither sent in this session nor are in a version that its author may read.
    #[error("{} chunks must be sent first, the first is {}", .0.len(), .0.first().map_or_else(String::new, ToString::to_string))]
    Lacking(Vec<ChunkId>),
    /// Bytes that do not have the hash they were sent under. Send them again.
    #[error("the bytes sent as {expected} have the hash {found}; send them again")]
    WrongHash {
        /// The hash they were sent under.
        expected: ChunkId,
        /// The hash they have.
        found: ChunkId,
    },
    /// A chunk over [`atelier_chunk::MAX_BYTES`].
    #[error("a chunk of {bytes} bytes is too large; the most is {most}", most = atelier_chunk::MAX_BYTES)]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// A version that this session was not told its author may read.
    #[error("this session may not read from the version {0}; open one that may")]
    NotReadable(String),
    /// The session is over: what it was told of may be gone. Open another one and ask again what is lacking.
    #[error("the session has expired; open another and ask again which chunks are lacking")]
    Expired,
    /// Stored bytes that are not what was written. `verify` lists all of them; restore the object from a backup.
    #[error("{object} is damaged: {reason}; restore it from a backup")]
    Damaged {
        /// The object, or the chunk in it.
        object: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Chunks that should be there and are not.
    #[error("the chunk {0} is missing; if its pack is there, rebuild the index, else restore from a backup")]
    Missing(String),
    /// A pack that was there when the copying of it began. Begin anew, or make the grace longer.
    #[error(
        "packs/{0} was removed while it was to be copied: garbage was collected, and the copying took longer than \
         its grace"
    )]
    Vanished(PackId),
    /// Written by a newer Atelier, or not by Atelier at all.
    #[error("{object} has the format {found}, this program reads {known}; use a newer Atelier")]
    UnknownFormat {
        /// The object.
        object: String,
        /// What it says of itself.
        found: String,
        /// What this program reads.
        known: u8,
    },
    /// An object store that the store cannot rely on.
    #[error("this object store cannot be used: {0}")]
    Unfit(String),
    /// A setting that makes no sense.
    #[error("{0}")]
    Setting(String),
    /// No room is left. Nothing was changed; free some and try again.
    #[error("the disk of the store is full; free some space and try again")]
    Full,
    /// The object store failed. Nothing was changed; try again.
    #[error("the object store failed at {object}: {source}")]
    Backend {
        /// The object that was read or written.
        object: String,
        /// What it said.
        source: Arc<object_store::Error>,
    },
    /// A file or folder of this machine could not be read.
    #[error("{path}: {source}")]
    Local {
        /// Its path.
        path: String,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// The program is shutting down.
    #[error("stopped before it was done; try again")]
    Stopped,
}

/// A result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn damaged(object: impl ToString, reason: impl ToString) -> Self {
        Self::Damaged { object: object.to_string(), reason: reason.to_string() }
    }

    pub(crate) fn backend(object: impl ToString, source: object_store::Error) -> Self {
        if is_full(&source) {
            return Self::Full;
        }
        Self::Backend { object: object.to_string(), source: Arc::new(source) }
    }

    pub(crate) fn local(path: impl AsRef<std::path::Path>, source: std::io::Error) -> Self {
        Self::Local { path: path.as_ref().display().to_string(), source: Arc::new(source) }
    }

    pub(crate) fn is_full(&self) -> bool {
        match self {
            Self::Full => true,
            Self::Local { source, .. } => is_full(&**source),
            _ => false,
        }
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Backend { source, .. } if matches!(**source, object_store::Error::NotFound { .. }))
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Stopped
    }
}

/// object_store wraps what the system said a few times.
fn is_full(error: &(dyn std::error::Error + 'static)) -> bool {
    let kinds = [std::io::ErrorKind::StorageFull, std::io::ErrorKind::QuotaExceeded];
    let full = error.downcast_ref::<std::io::Error>().is_some_and(|error| kinds.contains(&error.kind()));
    full || error.source().is_some_and(is_full)
}
