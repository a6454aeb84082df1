//! What the guard needs to know of a type of thing.

use super::{Borrowed, Caller};
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::organizations::Organization;
use atelier_api::role::{Action, Object};
use atelier_policies::{Policy, RoleName};
use std::collections::HashMap;

/// A row that requests name in their path, with the rows above it.
pub trait Resource: Send + Sync + Sized + 'static {
    const OBJECT: Object;

    /// The row that `path` names, looked for only within what the caller's memberships reach, and what the
    /// caller is to it. `None` if there is no such row or nothing connects the caller with it.
    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>>;

    /// The organization that it is in, whose policy decides; `None` for what stands above organizations.
    fn organization(&self) -> Option<&Organization>;

    /// The project that it is in; `None` for what stands above projects.
    fn project_id(&self) -> Option<&str>;

    /// Names of the people who can give somebody more rights on it.
    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>>;

    /// What one must be allowed to do with it to know of it, beside reading.
    fn shown_by(&self) -> Action {
        Action::Read
    }

    /// What is taken away from what roles give, if it is reached by way of a share.
    fn borrowed(&self) -> Option<&Borrowed> {
        None
    }

    /// Finds out what is kept from somebody within the row who is let in to it. Called once, by the guard.
    fn narrow(
        &mut self,
        _connection: &mut Connection,
        _caller: &Caller,
        _policy: &Policy,
        _roles: &[RoleName],
    ) -> Result<()> {
        Ok(())
    }

    /// The id under which grants speak of this row alone, if its type takes any.
    fn takes_grants(&self) -> Option<&str> {
        None
    }
}

/// A row and what the caller is to it.
pub struct Standing<R> {
    pub row: R,
    pub roles: Vec<RoleName>,
    /// Whether the row belongs to the caller.
    pub owns: bool,
}

/// The parameters of a request's path, by name, decoded once.
pub struct PathNames(HashMap<String, String>);

impl PathNames {
    pub(super) fn of(request: &actix_web::HttpRequest) -> PathNames {
        PathNames(request.match_info().iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
    }

    pub(super) fn new(names: impl IntoIterator<Item = (&'static str, String)>) -> PathNames {
        PathNames(names.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// # Errors
    /// If the route's path has no such parameter, which is a fault of ours.
    pub fn get(&self, name: &str) -> Result<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| Error::internal(anyhow::anyhow!("the route's path has no {{{name}}}")))
    }
}
