//! What the guard needs to know of an organization's people.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::{Organization, administrators, membership};
use atelier_api::role::Object;
use diesel::prelude::*;

/// Somebody who belongs to an organization, disabled or not.
pub struct Person {
    pub organization: Organization,
    pub row: PersonRow,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::organization_members)]
pub struct MembershipRow {
    pub role: String,
    pub disabled_at: Option<i64>,
    pub sessions_at_once: Option<i64>,
    pub monthly_limit_micros: Option<i64>,
    pub joined_at: i64,
}

/// Account and membership together.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::users)]
pub struct PersonRow {
    pub id: String,
    pub email: String,
    pub name: String,
    pub operator: bool,
    #[diesel(embed)]
    pub membership: MembershipRow,
}

impl Resource for Person {
    const OBJECT: Object = Object::Person;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::{organization_members as members, users};
        let Some((organization, role)) = membership(connection, caller, path.get("organization")?)? else {
            return Ok(None);
        };
        let found = members::table
            .inner_join(users::table)
            .filter(members::organization_id.eq(&organization.id))
            .filter(members::user_id.eq(path.get("person")?))
            .select(PersonRow::as_select())
            .first(connection)
            .optional()?;
        Ok(found.map(|row: PersonRow| {
            let owns = row.id == caller.user.id;
            Standing { row: Person { organization, row }, roles: vec![role], owns }
        }))
    }

    fn organization(&self) -> Option<&Organization> {
        Some(&self.organization)
    }

    fn project_id(&self) -> Option<&str> {
        None
    }

    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        administrators(connection, &self.organization.id)
    }
}
