//! The roles that people have in projects: their own, and those of the groups that they belong to.

use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::role::ProjectRole;
use atelier_policies::RoleName;
use diesel::prelude::*;
use std::collections::HashMap;

/// A role that somebody has in a project, or is given: a built-in one, or a custom one with the built-in one
/// that it began as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    pub base: ProjectRole,
    /// Id of the custom role.
    pub custom: Option<String>,
}

impl HeldRole {
    /// A word that we did not write is no role.
    pub fn from_row(base: &str, custom: Option<String>) -> Option<HeldRole> {
        Some(HeldRole { base: base.parse().ok()?, custom })
    }

    pub fn is_owner(&self) -> bool {
        self.base == ProjectRole::Owner && self.custom.is_none()
    }

    /// Whether it keeps its holder out.
    pub fn keeps_out(&self) -> bool {
        !self.base.opens() && self.custom.is_none()
    }

    /// The role that decides.
    pub fn name(&self) -> RoleName {
        self.custom.clone().map_or_else(|| self.base.into(), RoleName::Custom)
    }
}

/// A person's roles in one project.
pub fn roles_in_project(
    connection: &mut Connection,
    project_id: &str,
    user_id: &str,
) -> Result<Vec<HeldRole>> {
    use schema::project_roles as roles;
    let rows: Vec<(String, Option<String>)> = roles::table
        .filter(roles::project_id.eq(project_id))
        .filter(roles::user_id.eq(user_id))
        .select((roles::role, roles::custom_role_id))
        .load(connection)?;
    Ok(rows.into_iter().filter_map(|(base, custom)| HeldRole::from_row(&base, custom)).collect())
}

/// A person's roles in the projects of an organization, by project.
pub fn roles_by_project(
    connection: &mut Connection,
    organization_id: &str,
    user_id: &str,
) -> Result<HashMap<String, Vec<HeldRole>>> {
    use schema::{project_roles as roles, projects};
    let rows: Vec<(String, String, Option<String>)> = roles::table
        .inner_join(projects::table)
        .filter(roles::user_id.eq(user_id))
        .filter(projects::organization_id.eq(organization_id))
        .select((roles::project_id, roles::role, roles::custom_role_id))
        .load(connection)?;
    let mut held: HashMap<String, Vec<HeldRole>> = HashMap::new();
    for (project_id, base, custom) in rows {
        held.entry(project_id).or_default().extend(HeldRole::from_row(&base, custom));
    }
    Ok(held)
}
