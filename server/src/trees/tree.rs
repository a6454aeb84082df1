//! Which tree of a project it is, and what the guard needs to know of it.

use crate::access::{Access, Caller, PathNames, Permission, Resource, Standing};
use crate::data::{Hidden, Holds, Told};
use crate::db::Connection;
use crate::error::Result;
use crate::events::Change;
use crate::http::wording::Wording;
use crate::organizations::Organization;
use crate::projects::Project;
use atelier_api::role::Object;
use atelier_policies::{Policy, RoleName};
use std::marker::PhantomData;

/// The files of projects, or their results.
pub trait Tree: Send + Sync + Sized + 'static {
    const TYPE: Object;
    /// What it is called, also in addresses.
    const WORD: &'static str;

    type Read: Permission;
    type Commit: Permission;

    /// What is told when there is a new version.
    fn changed(project_id: String) -> Change;

    /// What somebody with these roles in the project may not read of it, who may read it otherwise.
    fn hidden(
        _connection: &mut Connection,
        _project: &Project,
        _caller: &Caller,
        _by: (&Policy, &[RoleName]),
    ) -> Result<Hidden> {
        Ok(Hidden::default())
    }

    /// What is known of a version that the caller makes, whatever he or she says of it.
    fn told(_connection: &mut Connection, _caller: &Caller) -> Result<Told> {
        Ok(Told::default())
    }
}

/// One of them, of one project. Each project has it, with a version or without.
pub struct ProjectTree<T> {
    pub project: Project,
    hidden: Hidden,
    of: PhantomData<fn() -> T>,
}

impl<T: Tree> ProjectTree<T> {
    /// What is told when it has changed.
    pub fn changed(&self) -> Change {
        T::changed(self.project.row.id.clone())
    }
}

impl<T: Tree> Resource for ProjectTree<T> {
    const OBJECT: Object = T::TYPE;

    fn fetch(
        connection: &mut Connection,
        caller: &Caller,
        path: &PathNames,
    ) -> Result<Option<Standing<Self>>> {
        let found = Project::fetch(connection, caller, path)?;
        Ok(found.map(|Standing { row: project, roles, .. }| {
            // It is everybody's: nobody owns it.
            let row = ProjectTree { project, hidden: Hidden::default(), of: PhantomData };
            Standing { row, roles, owns: false }
        }))
    }

    fn organization(&self) -> Option<&Organization> {
        Some(&self.project.organization)
    }

    fn project_id(&self) -> Option<&str> {
        Some(&self.project.row.id)
    }

    fn granters(&self, connection: &mut Connection) -> Result<Vec<String>> {
        self.project.granters(connection)
    }

    fn narrow(
        &mut self,
        connection: &mut Connection,
        caller: &Caller,
        policy: &Policy,
        roles: &[RoleName],
    ) -> Result<()> {
        self.hidden = T::hidden(connection, &self.project, caller, (policy, roles))?;
        Ok(())
    }
}

impl<T: Tree> Holds for ProjectTree<T> {
    fn holder_id(&self) -> &str {
        &self.project.row.id
    }

    fn hidden(&self) -> Hidden {
        self.hidden.clone()
    }

    fn hidden_now<P>(connection: &mut Connection, access: &Access<Self, P>) -> Result<Hidden> {
        T::hidden(connection, &access.row().project, access.caller(), (access.policy(), access.roles()))
    }
}

/// A handler is documented as `version_list` under `…/trees/versions`, and is `files_version_list` under
/// `…/files/versions`.
impl<T: Tree> Wording for ProjectTree<T> {
    fn operation(name: &str) -> String {
        format!("{}_{name}", T::WORD)
    }

    fn text(text: &str) -> String {
        text.replace("trees", T::WORD)
    }
}

/// `routes_of!(T, routes, [one, two])` registers generic handlers of the same module for the tree `T`.
macro_rules! routes_of {
    ($tree:ident, $routes:expr, [$($handler:ident),+ $(,)?]) => {
        $( paste::paste! {
            $routes.add::<
                $crate::http::wording::InWordsOf<$crate::trees::ProjectTree<$tree>, [<__path_ $handler>]>, _, _,
            >($handler::<$tree>);
        } )+
    };
}
pub(super) use routes_of;
