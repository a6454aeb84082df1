//! The policy of each organization: the built-in roles, and those that it made.
//!
//! What casbin answered is kept per organization together with the epoch that it is of. The epoch comes with
//! the membership that every request reads, so a server that did not make the change itself notices it too.

use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use crate::organizations::Organization;
use atelier_api::role::{Permission, Scope};
use atelier_policies::{CustomRole, Policy, PolicyError};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

#[derive(Clone)]
pub struct Policies {
    builtin: Arc<Policy>,
    of_organizations: Arc<RwLock<HashMap<String, Known>>>,
}

#[derive(Clone)]
struct Known {
    epoch: i64,
    policy: Arc<Policy>,
}

impl Policies {
    /// # Errors
    /// If the built-in policy is empty or not understood; the server must then not start.
    pub fn load() -> Result<Policies, PolicyError> {
        Ok(Policies { builtin: Arc::new(Policy::builtin()?), of_organizations: Arc::default() })
    }

    /// The policy as of the organization's epoch; without an organization the built-in one.
    pub fn of(
        &self,
        connection: &mut Connection,
        organization: Option<&Organization>,
    ) -> Result<Arc<Policy>> {
        let Some(organization) = organization.filter(|organization| organization.policy_epoch > 0) else {
            return Ok(self.builtin.clone());
        };
        let epoch = organization.policy_epoch;
        let known = self.of_organizations.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&organization.id).filter(|known| known.epoch == epoch) {
            return Ok(known.policy.clone());
        }
        drop(known);
        let roles = custom_roles(connection, &organization.id)?;
        let policy = Arc::new(self.builtin.with_custom(&roles).map_err(Error::internal)?);
        let known = Known { epoch, policy: policy.clone() };
        let mut all = self.of_organizations.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(organization.id.clone(), known);
        Ok(policy)
    }

    /// The policy with these roles, before they are committed; it is not kept.
    ///
    /// # Errors
    /// If it is not understood with them.
    pub fn with(&self, roles: &[CustomRole]) -> Result<Policy, PolicyError> {
        self.builtin.with_custom(roles)
    }
}

/// An organization's own roles as its rows say, each named by its id.
pub(crate) fn custom_roles(connection: &mut Connection, organization_id: &str) -> Result<Vec<CustomRole>> {
    use schema::{custom_role_rules as rules, custom_roles as roles};
    type Rule = (String, String, String, String);
    let rows: Vec<(String, Option<Rule>)> = roles::table
        .left_join(rules::table)
        .filter(roles::organization_id.eq(organization_id))
        .order((roles::id, rules::object.nullable(), rules::action.nullable()))
        .select((roles::id, (rules::object, rules::action, rules::scope, rules::effect).nullable()))
        .load(connection)?;
    let mut found: Vec<CustomRole> = Vec::new();
    for (id, rule) in rows {
        if found.last().is_none_or(|last| last.name != id) {
            found.push(CustomRole { name: id.clone(), allow: Vec::new(), deny: Vec::new() });
        }
        let (Some(role), Some((object, action, scope, effect))) = (found.last_mut(), rule) else { continue };
        let unknown = |_| Error::internal(anyhow::anyhow!("custom role {id} has a rule of unknown words"));
        let permission = Permission {
            object: object.parse().map_err(unknown)?,
            action: action.parse().map_err(unknown)?,
            scope: scope.parse::<Scope>().map_err(unknown)?,
        };
        if effect == "allow" { role.allow.push(permission) } else { role.deny.push(permission) }
    }
    Ok(found)
}
