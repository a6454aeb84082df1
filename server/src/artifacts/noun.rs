//! A type of such things, and what the guard needs to know of it.

use super::row::{Lent, Row};
use super::table::Table;
use crate::access::{Access, Borrowed, Caller, Permission, Resource};
use crate::data::Holds;
use crate::db::Connection;
use crate::error::Result;
use crate::events::Change;
use crate::http::wording::Wording;
use crate::projects::{Kind, Part, Project};
use atelier_api::role::{Action, Object};
use atelier_policies::RoleName;
use std::marker::PhantomData;

/// Datasets, or models.
pub trait Noun: Send + Sync + Sized + 'static {
    const TYPE: Object;
    /// What one of them is called, also in addresses, where many of them are [`Noun::PLURAL`].
    const WORD: &'static str;
    const PLURAL: &'static str;
    /// Begins the names of the operations on their uploads.
    const UPLOAD: &'static str;

    /// The code of the refusal to change what is in the trash.
    const IN_TRASH: &'static str;

    type List: Permission;
    type Create: Permission;
    type Read: Permission;
    type Update: Permission;
    type Commit: Permission;
    type Delete: Permission;

    /// Where their rows are.
    type Rows: Table;

    /// What is told when one of them has changed.
    fn changed(project_id: String) -> Change;

    /// The one of another project that this address names, if it is shared with this one for whoever has these roles
    /// here. Not every type can be shared.
    fn find_lent(
        _connection: &mut Connection,
        _caller: &Caller,
        _here: (&Project, &[RoleName]),
        _address: &str,
    ) -> Result<Option<Row>> {
        Ok(None)
    }

    /// Those of other projects that are shared with the project that this access is to, or is in; in no order.
    fn list_lent<R: Resource, P: Permission>(
        _connection: &mut Connection,
        _access: &Access<R, P>,
    ) -> Result<Vec<Row>> {
        Ok(Vec::new())
    }

    /// Whether one that was reached by way of a share may be committed to at this moment.
    fn takes_by_share(
        _connection: &mut Connection,
        _artifact: &Artifact<Self>,
        _lent: &Lent,
    ) -> Result<bool> {
        Ok(false)
    }

    /// The trash has forgotten one: what else goes with it.
    fn forgotten(_connection: &mut Connection, _id: &str) -> Result<()> {
        Ok(())
    }
}

/// One of them with the project, and so the organization, that it is in.
pub type Artifact<N> = Part<Named<N>>;

/// What the guard knows of a [`Noun`].
pub struct Named<N>(PhantomData<fn() -> N>);

impl<N: Noun> Kind for Named<N> {
    const OBJECT: Object = N::TYPE;
    const PARAMETER: &'static str = N::WORD;
    type Row = Row;

    fn find(connection: &mut Connection, project: &Project, slug: &str) -> Result<Option<Row>> {
        N::Rows::find(connection, &project.row.id, slug)
    }

    fn find_lent(
        connection: &mut Connection,
        caller: &Caller,
        here: (&Project, &[RoleName]),
        name: &str,
    ) -> Result<Option<Row>> {
        N::find_lent(connection, caller, here, name)
    }

    fn lender(row: &Row) -> Option<&str> {
        row.lent.is_some().then_some(row.project_id.as_str())
    }

    fn borrowed(row: &Row) -> Option<&Borrowed> {
        row.lent.as_ref().map(|lent| &lent.borrowed)
    }

    fn owner(row: &Row) -> Option<&str> {
        // Who made it is nobody in particular elsewhere.
        row.lent.is_none().then_some(row.created_by.as_str())
    }

    /// In the trash it is there only for those who might have put it there: they can take it out.
    fn shown_by(row: &Row) -> Action {
        if row.trashed_at.is_some() { Action::Delete } else { Action::Read }
    }
}

impl<N: Noun> Artifact<N> {
    /// The project that it belongs to, wherever it is reached.
    pub fn home_id(&self) -> &str {
        &self.row.project_id
    }

    /// What is told when it has changed.
    pub(super) fn changed(&self) -> Change {
        N::changed(self.home_id().to_owned())
    }
}

impl<N: Noun> Holds for Artifact<N> {
    fn home_project_id(&self) -> Option<&str> {
        Some(self.home_id())
    }

    fn holder_id(&self) -> &str {
        &self.row.id
    }
}

/// A handler is documented as `version_list` under `…/artifacts/{artifact}/versions`, and is `model_version_list`
/// under `…/models/{model}/versions`.
impl<N: Noun> Wording for Named<N> {
    fn operation(name: &str) -> String {
        match name.strip_prefix("upload") {
            Some(rest) => format!("{}{rest}", N::UPLOAD),
            None => format!("{}_{name}", N::WORD),
        }
    }

    fn text(text: &str) -> String {
        text.replace("artifacts", N::PLURAL).replace("an artifact", "a artifact").replace("artifact", N::WORD)
    }
}

/// `routes_of!(N, routes, [one, two])` registers generic handlers of the same module for the type `N`.
macro_rules! routes_of {
    ($noun:ident, $routes:expr, [$($handler:ident),+ $(,)?]) => {
        $( paste::paste! {
            $routes.add::<
                $crate::http::wording::InWordsOf<$crate::artifacts::noun::Named<$noun>, [<__path_ $handler>]>, _, _,
            >($handler::<$noun>);
        } )+
    };
}
pub(super) use routes_of;
