//! What the guard needs to know of tiers.

use crate::db::{Connection, schema::tiers};
use crate::error::Result;
use crate::organizations::{Kind, Part};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A tier and its organization.
pub type Tier = Part<TierKind>;

pub struct TierKind;

impl Kind for TierKind {
    const OBJECT: Object = Object::Tier;
    const PARAMETER: &'static str = "tier";
    const TAKES_GRANTS: bool = true;

    fn exists(connection: &mut Connection, organization_id: &str, id: &str) -> Result<bool> {
        let this = tiers::table.find(id).filter(tiers::organization_id.eq(organization_id));
        Ok(this.count().get_result::<i64>(connection)? > 0)
    }
}
