//! What the guard needs to know of custom roles.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::{self, Organization};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A custom role and its organization.
#[derive(Clone, Debug)]
pub struct CustomRole {
    pub organization: Organization,
    pub id: String,
}

impl Resource for CustomRole {
    const OBJECT: Object = Object::Role;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::custom_roles as roles;
        let slug = path.get("organization")?;
        let Some((organization, role)) = organizations::membership(connection, caller, slug)? else {
            return Ok(None);
        };
        let id: Option<String> = roles::table
            .filter(roles::organization_id.eq(&organization.id))
            .filter(roles::id.eq(path.get("role")?))
            .select(roles::id)
            .first(connection)
            .optional()?;
        Ok(id.map(|id| Standing { row: CustomRole { organization, id }, roles: vec![role], owns: false }))
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
