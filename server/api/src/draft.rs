//! Drafts of a project's files: each person's own copy, which is what a session has in `/work`. Nobody else sees it.
//! It is an upload that does not end: chunks and files are sent to it as to one, under its id.

use crate::role::words;
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

/// Paths of which one request may speak.
pub const MAX_PATHS: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// As an upload's.
    pub id: String,
    /// What it holds.
    pub files: i64,
    pub bytes: i64,
    /// Whether something in it is in no version yet.
    pub unsaved: bool,
    pub last_save: Option<DraftSave>,
}

/// What came of saving a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftSave {
    pub at: i64,
    /// The number of the version that was made; absent if there was nothing new.
    pub version: Option<i64>,
    /// Files in which one's own changes and those of others were put together: the first of them by path.
    pub merged: Vec<String>,
    pub merged_count: i64,
    /// Files that others had changed too, and that could not be put together: the first of them by path.
    pub kept: Vec<KeptFile>,
    pub kept_count: i64,
}

/// A file that two people changed in ways that do not go together. Nothing of either is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptFile {
    pub path: String,
    pub how: KeptHow,
    /// Where one's own is, if it is beside the others'.
    pub beside: Option<String>,
}

words! {
    KeptHow {
        /// Theirs stays under its name, one's own is beside it.
        Beside = "beside",
        /// They had removed it: one's own is there again.
        Ours = "ours",
        /// One had removed it oneself, and they had changed it: theirs stays.
        Theirs = "theirs",
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// Written by the server if it is empty.
    #[serde(default)]
    #[garde(custom(validate::description))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub message: String,
}

/// A file of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftFile {
    pub path: String,
    pub bytes: i64,
    pub executable: bool,
    /// Names its content, in 64 hexadecimal digits.
    pub content: String,
}

/// What others changed and what is as it was in the draft: its copy may take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Incoming {
    /// The version that it is in; absent if there is none yet.
    pub version: Option<i64>,
    pub changes: Vec<IncomingChange>,
    /// The path to ask for more after; absent at the end.
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IncomingChange {
    pub path: String,
    /// The file that shall be there; absent if nothing shall.
    pub file: Option<DraftFile>,
    /// Whether what shall go is a folder, which may hold other things.
    pub folder: bool,
}

/// These paths of the copy are now as in this version.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TakenPaths {
    #[garde(range(min = 1))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub version: i64,
    #[garde(length(max = MAX_PATHS))]
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    pub paths: Vec<String>,
}
