//! Tiers as the API shows them to a person.

use super::host::Host;
use super::store::TierRow;
use crate::access::{Access, GrantsOn, Resource};
use crate::db::Connection;
use crate::error::Result;
use crate::http::version::Versions;
use crate::organizations::{self, Organization};
use atelier_api::grant::GrantEffect;
use atelier_api::role::{Action, Object};
use atelier_api::tier::{Tier, TierUnavailable};
use atelier_policies::Grant;

const ONLY: Grant = Grant { action: Action::Start, effect: GrantEffect::Only };

/// With what the host and the grants say of each.
pub(crate) fn describe<R: Resource, P>(
    connection: &mut Connection,
    host: &Host,
    access: &Access<R, P>,
    organization: &Organization,
    rows: Vec<TierRow>,
) -> Result<Vec<Tier>> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let grants =
        GrantsOn::load(connection, Object::Tier, ids.iter().copied(), &access.caller().user.id, &[])?;
    let versions = Versions::load(connection, Object::Tier, ids)?;
    let may = |row: &TierRow| {
        let said = grants.of(&row.id);
        access.policy().decide_on(access.roles(), said, Object::Tier, Action::Start, false)
    };
    let ask = match rows.iter().all(may) {
        true => Vec::new(),
        false => organizations::administrators(connection, &organization.id)?,
    };
    let to_api = |row: TierRow| Tier {
        unavailable: match may(&row) {
            true => host.refuses(row.cpu_milli, row.memory_bytes),
            false => Some(TierUnavailable::Restricted { ask: ask.clone() }),
        },
        restricted: grants.of(&row.id).contains(&ONLY),
        version: versions.of(&row.id),
        id: row.id,
        name: row.name,
        cpu_milli: row.cpu_milli,
        memory_bytes: row.memory_bytes,
        price_per_hour: row.price,
        archived_at: row.archived_at,
    };
    Ok(rows.into_iter().map(to_api).collect())
}
