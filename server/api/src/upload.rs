//! Uploads: how files come into a new version. Begin one, ask which chunks are lacking, send those, say which
//! chunks make which file, commit. An upload that broke off goes on where it was: ask again what is lacking.

use crate::provenance::{self, Input};
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Chunks of which one request may speak.
pub const MAX_CHUNKS: usize = 10_000;
/// Files of which one request may speak.
pub const MAX_FILES: usize = 10_000;
/// Bytes of the largest request with chunks.
pub const MAX_CHUNK_BODY: usize = 32 << 20;
/// Bytes of the largest request that asks for so many.
pub const MAX_LACKING_BODY: usize = 1 << 20;
/// Bytes of the largest request that says what files are made of.
pub const MAX_FILES_BODY: usize = 16 << 20;

/// A version in the making, which nobody but its author sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    pub id: String,
    /// The number of the version that it changes; absent if it begins with nothing.
    pub base: Option<i64>,
    pub created_at: i64,
    /// When it is forgotten unless it goes on.
    pub expires_at: i64,
    /// What the version would hold if it was committed now.
    pub files: i64,
    pub bytes: i64,
    /// Whether that would differ from what it began with.
    pub changed: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateUpload {
    /// Begins with nothing instead of the newest version: what is not sent will not be there.
    #[serde(default)]
    #[garde(skip)]
    pub replace: bool,
}

/// Chunks by their BLAKE3 hashes, in 64 hexadecimal digits each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Chunks {
    #[garde(length(max = MAX_CHUNKS), inner(custom(validate::hash)))]
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    pub chunks: Vec<String>,
}

/// Files that the version shall have, and what it shall not have any more, done in this order: first what is
/// removed, then what is put.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFiles {
    /// Paths of files or folders; a path that is not there is no fault.
    #[serde(default)]
    #[garde(length(max = MAX_FILES))]
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    pub remove: Vec<String>,
    #[serde(default)]
    #[garde(length(max = MAX_FILES), dive)]
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    pub put: Vec<PutFile>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFile {
    /// As `raw/2026/events.csv`.
    #[garde(skip)]
    pub path: String,
    /// What it is made of, in order, as [`Chunks`].
    #[garde(inner(custom(validate::hash)))]
    pub chunks: Vec<String>,
    /// Whether it is meant to be run.
    #[serde(default)]
    #[garde(skip)]
    pub executable: bool,
}

/// Makes an upload a version of a dataset or a model.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommitUpload {
    #[serde(default)]
    #[garde(custom(validate::description))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub message: String,
    /// Numbers that it scored, by name. At most 200.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[garde(custom(provenance::metrics))]
    pub metrics: BTreeMap<String, f64>,
    /// What was chosen before it was made, by name. At most 200.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[garde(custom(provenance::parameters))]
    pub parameters: BTreeMap<String, String>,
    /// Versions of datasets that it was made of: of the same project, or shared with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = provenance::MAX_INPUTS), dive)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub datasets: Vec<Input>,
}

/// Makes an upload to a project's files a version of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommitFiles {
    #[serde(default)]
    #[garde(custom(validate::description))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub message: String,
}

/// One file of an upload, sent as the request's body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct SentFile {
    /// As `raw/2026/events.csv`.
    pub path: String,
    /// Whether it is meant to be run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executable: Option<bool>,
}
