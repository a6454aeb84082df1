//! What the guard needs to know of things that stand in a project.

use super::{Project, owners};
use crate::access::{Borrowed, Caller, PathNames, Resource, Standing};
use crate::db::Connection;
use crate::error::Result;
use crate::organizations::Organization;
use atelier_api::role::{Action, Object};
use atelier_policies::RoleName;

/// A type of such things.
pub trait Kind: Send + Sync + 'static {
    const OBJECT: Object;
    /// The parameter of paths that names one.
    const PARAMETER: &'static str;
    type Row: Send + Sync;

    /// The one of this name in the project.
    fn find(connection: &mut Connection, project: &Project, name: &str) -> Result<Option<Self::Row>>;

    /// The one that another project shares with this one under this name, for whoever has these roles here.
    fn find_lent(
        _connection: &mut Connection,
        _caller: &Caller,
        _here: (&Project, &[RoleName]),
        _name: &str,
    ) -> Result<Option<Self::Row>> {
        Ok(None)
    }

    /// What is taken away from what roles give, if another project shares it.
    fn borrowed(_row: &Self::Row) -> Option<&Borrowed> {
        None
    }

    /// Id of the project that shares it, if it is another one.
    fn lender(_row: &Self::Row) -> Option<&str> {
        None
    }

    /// Id of the person whose it is, if it is anybody's.
    fn owner(row: &Self::Row) -> Option<&str>;

    /// What one must be allowed to do with it to know of it.
    fn shown_by(_row: &Self::Row) -> Action {
        Action::Read
    }
}

/// One of them, with the project that it is in.
pub struct Part<K: Kind> {
    pub project: Project,
    pub row: K::Row,
}

impl<K: Kind> Resource for Part<K> {
    const OBJECT: Object = K::OBJECT;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        let Some(Standing { row: project, roles, .. }) = Project::fetch(connection, caller, path)? else {
            return Ok(None);
        };
        let name = path.get(K::PARAMETER)?;
        let found = match K::find(connection, &project, name)? {
            Some(row) => Some(row),
            None => K::find_lent(connection, caller, (&project, &roles), name)?,
        };
        Ok(found.map(|row| {
            let owns = K::owner(&row) == Some(caller.user.id.as_str());
            Standing { row: Part { project, row }, roles, owns }
        }))
    }

    fn organization(&self) -> Option<&Organization> {
        Some(&self.project.organization)
    }

    fn project_id(&self) -> Option<&str> {
        Some(&self.project.row.id)
    }

    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        let elsewhere = match K::lender(&self.row) {
            Some(project_id) => owners(connection, project_id)?,
            None => Vec::new(),
        };
        if elsewhere.is_empty() { self.project.granters(connection) } else { Ok(elsewhere) }
    }

    fn shown_by(&self) -> Action {
        K::shown_by(&self.row)
    }

    fn borrowed(&self) -> Option<&Borrowed> {
        K::borrowed(&self.row)
    }
}
