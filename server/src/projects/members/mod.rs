//! The members of a project: people with a role of their own, and those whom groups bring.

mod list;
mod resource;
mod role;
mod routes;
mod store;

pub(super) use role::{asked, keeps_an_owner, opens, within_reach};
pub(super) use routes::{Search, routes, tell};

use super::Project;

/// As many candidates as one looks at before typing more.
pub(super) const CANDIDATES: usize = 20;

/// Under which the version of a person's or a group's role in a project is counted.
pub(super) fn version_id(project: &Project, member: &str) -> String {
    format!("{}/{member}", project.row.id)
}
