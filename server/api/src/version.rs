//! What two people may edit has a version: it is its `ETag`, and goes back as `If-Match` with a change.

use crate::artifact::Artifact;
use crate::custom_role::CustomRole;
use crate::grant::Grants;
use crate::group::{Group, GroupDetail, ProjectGroup};
use crate::member::Member;
use crate::organization::Organization;
use crate::person::Person;
use crate::project::Project;
use crate::restriction::Restriction;
use crate::tier::Tier;

/// A thing whose changes are counted.
pub trait Versioned {
    fn version(&self) -> i64;
}

macro_rules! versioned {
    ($($name:ident),+) => {
        $(impl Versioned for $name {
            fn version(&self) -> i64 {
                self.version
            }
        })+
    };
}

versioned!(Artifact, CustomRole, Grants, Group, Member, Organization, Person, Project, ProjectGroup, Tier);

impl Versioned for Restriction {
    fn version(&self) -> i64 {
        self.readers.version
    }
}

impl Versioned for GroupDetail {
    fn version(&self) -> i64 {
        self.group.version
    }
}

/// The `ETag` of a version.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}
