//! What the guard needs to know of tiers.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::{self, Organization};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A tier and its organization.
#[derive(Clone, Debug)]
pub struct Tier {
    pub organization: Organization,
    pub id: String,
}

impl Resource for Tier {
    const OBJECT: Object = Object::Tier;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::tiers;
        let slug = path.get("organization")?;
        let Some((organization, role)) = organizations::membership(connection, caller, slug)? else {
            return Ok(None);
        };
        let id: Option<String> = tiers::table
            .filter(tiers::organization_id.eq(&organization.id))
            .filter(tiers::id.eq(path.get("tier")?))
            .select(tiers::id)
            .first(connection)
            .optional()?;
        Ok(id.map(|id| Standing { row: Tier { organization, id }, roles: vec![role], owns: false }))
    }

    fn organization(&self) -> Option<&Organization> {
        Some(&self.organization)
    }

    fn project_id(&self) -> Option<&str> {
        None
    }

    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        organizations::administrators(connection, &self.organization.id)
    }
}
