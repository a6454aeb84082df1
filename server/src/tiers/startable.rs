//! The tiers that somebody may start now, for advice.

use super::host::Host;
use super::store::{TierRow, all};
use crate::access::{GrantsOn, Policies, Viewer};
use crate::db::Connection;
use crate::error::Result;
use atelier_api::role::{Action, Object};

/// What this person may start in the project and the host can hold, the smallest first.
pub fn startable(
    connection: &mut Connection,
    policies: &Policies,
    host: &Host,
    (organization_id, project_id, user_id): (&str, &str, &str),
) -> Result<Vec<TierRow>> {
    let Some(viewer) = Viewer::load(connection, policies, organization_id, user_id)? else {
        return Ok(Vec::new());
    };
    let mut tiers = all(connection, organization_id)?;
    let said =
        GrantsOn::load(connection, Object::Tier, tiers.iter().map(|tier| tier.id.as_str()), user_id, &[])?;
    tiers.retain(|tier| {
        tier.archived_at.is_none()
            && host.refuses(tier.cpu_milli, tier.memory_bytes).is_none()
            && viewer.may_in(project_id, said.of(&tier.id), Object::Tier, Action::Start)
    });
    Ok(tiers)
}
