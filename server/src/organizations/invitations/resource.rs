//! What the guard needs to know of invitations.

use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::organizations::{Organization, administrators, membership};
use atelier_api::role::Object;
use diesel::prelude::*;

/// An invitation that nobody has accepted or revoked.
pub struct Invitation {
    pub organization: Organization,
    pub id: String,
}

impl Resource for Invitation {
    const OBJECT: Object = Object::Invitation;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        use schema::invitations;
        let Some((organization, role)) = membership(connection, caller, path.get("organization")?)? else {
            return Ok(None);
        };
        let found: Option<(String, String)> = invitations::table
            .find(path.get("invitation")?)
            .filter(invitations::organization_id.eq(&organization.id))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .select((invitations::id, invitations::invited_by))
            .first(connection)
            .optional()?;
        Ok(found.map(|(id, invited_by)| {
            let owns = invited_by == caller.user.id;
            Standing { row: Invitation { organization, id }, roles: vec![role], owns }
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
