//! What has versions, and who makes them.

use super::Hidden;
use crate::access::{Access, Caller, Origin, Resource};
use crate::db::Connection;
use crate::error::{Error, Result};
use atelier_api::role::Object;

/// A resource that has versions, or is a part of one that has.
pub trait Holds: Resource {
    /// Id of the row whose versions they are. Its type is [`Resource::OBJECT`], its project the resource's.
    fn holder_id(&self) -> &str;

    /// The project in whose store its trees are: its own, also where it is reached through another.
    fn home_project_id(&self) -> Option<&str> {
        self.project_id()
    }

    /// What the caller may not read of it.
    fn hidden(&self) -> Hidden {
        Hidden::default()
    }

    /// The same as of this moment.
    fn hidden_now<P>(_connection: &mut Connection, _access: &Access<Self, P>) -> Result<Hidden> {
        Ok(Hidden::default())
    }
}

/// The proof that somebody was let in to something that has versions: comes out of [`Access`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    project_id: String,
    object: Object,
    id: String,
    hidden: Hidden,
}

impl Holder {
    /// # Errors
    /// If the resource is in no project, which is a fault of ours.
    pub fn of<R: Holds, P>(access: &Access<R, P>) -> Result<Holder> {
        let outside = || Error::internal(anyhow::anyhow!("versions of a {} in no project", R::OBJECT));
        let project_id = access.row().home_project_id().ok_or_else(outside)?.to_owned();
        let (id, hidden) = (access.row().holder_id().to_owned(), access.row().hidden());
        Ok(Holder { project_id, object: R::OBJECT, id, hidden })
    }

    /// In whose store its trees are.
    pub fn project_id(&self) -> &str {
        &self.project_id
    }

    pub fn object(&self) -> Object {
        self.object
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is not there for whom it is the proof.
    pub fn hidden(&self) -> &Hidden {
        &self.hidden
    }

    /// Whoever may not read all of something cannot say what all of it is to be.
    ///
    /// # Errors
    /// If there is something that may not be read.
    pub fn is_whole(&self) -> Result<()> {
        if self.hidden.is_none() {
            return Ok(());
        }
        let detail = "There are folders here that you may not read. Save what you change through your draft, as a \
                      session does, or ask an owner.";
        Err(Error::refused("not-all-readable", detail))
    }

    /// For the server itself, which acts for nobody.
    pub fn for_nobody(project_id: &str, object: Object, id: &str) -> Holder {
        Holder { project_id: project_id.to_owned(), object, id: id.to_owned(), hidden: Hidden::default() }
    }

    #[cfg(test)]
    pub fn in_test(project_id: &str, object: Object, id: &str) -> Holder {
        Holder::for_nobody(project_id, object, id)
    }
}

/// Who makes a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub user_id: String,
    /// The workload in which the person's program runs, if it comes from one.
    pub workload_id: Option<String>,
}

impl Author {
    pub fn of(caller: &Caller) -> Author {
        let workload_id = match &caller.origin {
            Origin::Workload(inside) => Some(inside.workload_id.clone()),
            Origin::SignIn(_) | Origin::Token { .. } => None,
        };
        Author { user_id: caller.user.id.clone(), workload_id }
    }
}
