//! What the guard needs to know of things that stand in an organization and that it knows by their id alone.

use super::{Organization, administrators, membership};
use crate::access::{Caller, PathNames, Resource, Standing};
use crate::db::Connection;
use crate::error::Result;
use atelier_api::role::Object;
use std::marker::PhantomData;

/// A type of such things.
pub trait Kind: Send + Sync + 'static {
    const OBJECT: Object;
    /// The parameter of paths that holds the id.
    const PARAMETER: &'static str;
    /// Whether single ones may be granted or denied to people and groups.
    const TAKES_GRANTS: bool;

    /// Whether the organization has one of this id.
    fn exists(connection: &mut Connection, organization_id: &str, id: &str) -> Result<bool>;
}

/// One of them, and its organization.
pub struct Part<K> {
    pub organization: Organization,
    pub id: String,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Resource for Part<K> {
    const OBJECT: Object = K::OBJECT;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        let Some((organization, role)) = membership(connection, caller, path.get("organization")?)? else {
            return Ok(None);
        };
        let id = path.get(K::PARAMETER)?.to_owned();
        let found = K::exists(connection, &organization.id, &id)?;
        let part = Part { organization, id, kind: PhantomData };
        Ok(found.then(|| Standing { row: part, roles: vec![role], owns: false }))
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

    fn takes_grants(&self) -> Option<&str> {
        K::TAKES_GRANTS.then_some(self.id.as_str())
    }
}
