//! What the guard needs to know of custom roles.

use crate::db::{Connection, schema::custom_roles};
use crate::error::Result;
use crate::organizations::{Kind, Part};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A custom role and its organization.
pub type CustomRole = Part<Role>;

pub struct Role;

impl Kind for Role {
    const OBJECT: Object = Object::Role;
    const PARAMETER: &'static str = "role";
    const TAKES_GRANTS: bool = false;

    fn exists(connection: &mut Connection, organization_id: &str, id: &str) -> Result<bool> {
        let this = custom_roles::table.find(id).filter(custom_roles::organization_id.eq(organization_id));
        Ok(this.count().get_result::<i64>(connection)? > 0)
    }
}
