//! Versions of data: trees of files that never change, whatever they are versions of.

use crate::provenance::Provenance;
use crate::role::words;
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// What made a version.
    DataOrigin {
        /// A person's upload, by page or program.
        Upload = "upload",
        /// A program in a session.
        Session = "session",
        /// An older version that was brought back.
        Restore = "restore",
    }
}

/// One version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataVersion {
    /// Counts from 1; a number is never given twice.
    pub number: i64,
    /// The number of the version that it is a change of.
    pub parent: Option<i64>,
    /// May be empty.
    pub message: String,
    pub author: String,
    pub author_name: String,
    pub created_at: i64,
    pub origin: DataOrigin,
    /// The session that made it.
    pub session: Option<String>,
    /// The number of the version that was brought back.
    pub restored: Option<i64>,
    /// Names that point to it now, in order.
    pub tags: Vec<String>,
    pub files: i64,
    pub bytes: i64,
    /// What it has added to what is stored, in bytes.
    pub stored_bytes: i64,
    /// Names what it holds, in 64 hexadecimal digits: versions with equal files have the same.
    pub root: String,
    /// Numbers that it scored, by name.
    pub metrics: BTreeMap<String, f64>,
    /// What was chosen before it was made, by name.
    pub parameters: BTreeMap<String, String>,
    pub provenance: Provenance,
    /// Since when it is in the trash.
    pub trashed_at: Option<i64>,
    /// When the trash forgets it.
    pub removed_at: Option<i64>,
}

/// Puts a version into the trash, or takes it out.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateDataVersion {
    #[garde(skip)]
    pub trashed: bool,
}

/// Makes an older version the newest.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RestoreDataVersion {
    #[serde(default)]
    #[garde(custom(validate::description))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub message: String,
}

/// Points a tag to a version, from wherever it points.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetDataTag {
    #[garde(range(min = 1))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub number: i64,
}

words! {
    DataEntryKind {
        Folder = "folder",
        File = "file",
    }
}

/// A file or folder in a folder of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataEntry {
    pub name: String,
    pub kind: DataEntryKind,
    /// Of a folder: of all that is in it.
    pub bytes: i64,
    /// Files in it; 1 for a file.
    pub files: i64,
    /// Whether a file is meant to be run.
    pub executable: bool,
    /// Names its content, in 64 hexadecimal digits: what is equal has the same.
    pub content: String,
}

/// Which part of a version to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct DataFolder {
    /// The folder, as `raw/2026`; the whole version if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

words! {
    DataChangeKind {
        Added = "added",
        Removed = "removed",
        Changed = "changed",
    }
}

/// A file that differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataChange {
    pub path: String,
    pub kind: DataChangeKind,
    pub bytes_before: Option<i64>,
    pub bytes_after: Option<i64>,
}

/// A version in which a file changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataFileVersion {
    pub version: DataVersion,
    /// What it did to the file.
    pub kind: DataChangeKind,
    /// Its bytes from then on; absent if it was removed.
    pub bytes: Option<i64>,
}

/// Which versions changed the files and folders of one folder last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataLastChanges {
    pub entries: Vec<DataLastChange>,
    /// The number of the version that changed all others last; absent if it is further back than was looked.
    pub others: Option<i64>,
    /// Those that are named here.
    pub versions: Vec<DataVersion>,
}

/// The version that changed a file or folder last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataLastChange {
    pub name: String,
    pub number: i64,
}

/// Makes one file the one that it was.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RestoreDataFile {
    #[garde(length(min = 1, max = 4096))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4096))]
    pub path: String,
    #[serde(default)]
    #[garde(custom(validate::description))]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub message: String,
}
