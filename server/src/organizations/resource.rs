//! What the guard needs to know of organizations.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::role::{Object, OrganizationRole, Role};
use atelier_policies::RoleName;
use diesel::prelude::*;

/// The installation as a whole; it has no row.
pub struct Installation;

/// A tenant.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::organizations)]
pub struct Organization {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub currency: String,
    pub created_at: i64,
    pub policy_epoch: i64,
}

impl Resource for Installation {
    const OBJECT: Object = Object::Installation;

    fn fetch(_: &mut Connection, caller: &Caller, _: &PathNames) -> Result<Option<Standing<Self>>> {
        let roles = if caller.user.operator { vec![Role::Operator.into()] } else { Vec::new() };
        Ok(Some(Standing { row: Installation, roles, owns: false }))
    }

    fn organization(&self) -> Option<&Organization> {
        None
    }

    fn project_id(&self) -> Option<&str> {
        None
    }

    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        use schema::users;
        Ok(users::table.filter(users::operator.eq(true)).select(users::name).limit(5).load(connection)?)
    }
}

impl Resource for Organization {
    const OBJECT: Object = Object::Organization;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        let slug = path.get("organization")?;
        let found = membership(connection, caller, slug)?;
        Ok(found.map(|(row, role)| Standing { row, roles: vec![role], owns: false }))
    }

    fn organization(&self) -> Option<&Organization> {
        Some(self)
    }

    fn project_id(&self) -> Option<&str> {
        None
    }

    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        administrators(connection, &self.id)
    }
}

/// The organization of this slug and the caller's role there, if the caller is a member who is not disabled.
pub(crate) fn membership(
    connection: &mut Connection,
    caller: &Caller,
    slug: &str,
) -> Result<Option<(Organization, RoleName)>> {
    use schema::{organization_members as members, organizations};
    let found = members::table
        .inner_join(organizations::table)
        .filter(members::user_id.eq(&caller.user.id))
        .filter(members::disabled_at.is_null())
        .filter(organizations::slug.eq(slug))
        .select((Organization::as_select(), members::role))
        .first::<(Organization, String)>(connection)
        .optional()?;
    Ok(found.and_then(|(row, role)| Some((row, role.parse::<OrganizationRole>().ok()?.into()))))
}

/// Names of an organization's administrators, at most five.
pub(crate) fn administrators(connection: &mut Connection, organization_id: &str) -> Result<Vec<String>> {
    use schema::{organization_members as members, users};
    Ok(members::table
        .inner_join(users::table)
        .filter(members::organization_id.eq(organization_id))
        .filter(members::role.eq(OrganizationRole::Administrator.as_str()))
        .filter(members::disabled_at.is_null())
        .order(members::joined_at)
        .select(users::name)
        .limit(5)
        .load(connection)?)
}
