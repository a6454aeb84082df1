use crate::access::{Access, Permission};
use crate::data::{Author, Holder, Holds, Told};
use crate::db::Connection;
use crate::error::{Error, Result};
use atelier_api::role::Action;
use std::sync::Arc;

/// Says whether something may still be written to.
type Writable = dyn Fn(&mut Connection) -> Result<()> + Send + Sync;

/// Somebody who may commit to something, as the guard has found.
#[derive(Clone)]
pub struct Committer {
    pub holder: Holder,
    pub author: Author,
    /// Of the version that is made.
    pub(super) told: Told,
    writable: Arc<Writable>,
}

impl Committer {
    /// `writable` is how the noun says whether the row may still be written to; asked in the transaction that does.
    ///
    /// # Errors
    /// If the row is in no project, which is a fault of ours.
    pub fn of<R: Holds, P: Permission>(
        access: Access<R, P>,
        writable: impl Fn(&mut Connection, &R) -> Result<()> + Send + Sync + 'static,
    ) -> Result<Committer> {
        const { assert!(matches!(P::ACTION, Action::Commit)) };
        let (holder, author) = (Holder::of(&access)?, Author::of(access.caller()));
        let writable = move |connection: &mut Connection| {
            writable(connection, access.row())?;
            if R::hidden_now(connection, &access)? != access.row().hidden() {
                let detail = "Who may read which folders was changed at this moment. Try again.";
                return Err(Error::conflict("restricted-meanwhile", detail));
            }
            Ok(())
        };
        Ok(Committer { holder, author, told: Told::default(), writable: Arc::new(writable) })
    }

    /// Who says this of the version that an upload becomes.
    pub fn telling(self, told: Told) -> Committer {
        Committer { told, ..self }
    }

    /// # Errors
    /// If nothing may be written to it any more.
    pub fn writable(&self, connection: &mut Connection) -> Result<()> {
        (self.writable)(connection)
    }
}
