//! Files and folders of a project that not everybody may read who may read the others.

use crate::grant::{Grants, SetGrants};
use garde::Validate;
use serde::{Deserialize, Serialize};

/// A file or a folder, with all that is in it, and who may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Restriction {
    pub id: String,
    pub path: String,
    /// Whoever may restrict files reads all of them, whatever is said here.
    pub readers: Grants,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateRestriction {
    /// There need not be such a file or folder yet.
    #[garde(length(bytes, min = 1, max = 4096))]
    #[cfg_attr(feature = "openapi", schema(max_length = 4096))]
    pub path: String,
    #[garde(dive)]
    pub readers: SetGrants,
}
