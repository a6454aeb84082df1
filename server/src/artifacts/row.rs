//! One of such things, as it is reached.

use super::table::Columns;
use crate::access::{Access, Borrowed, Permission, Resource};
use atelier_api::dataset::ShareAccess;
use atelier_api::role::{Action, Object};

/// In its own project, or in one that it is shared with.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    /// The project that it belongs to.
    pub project_id: String,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub created_by: String,
    pub created_at: i64,
    pub trashed_at: Option<i64>,
    /// How it is shared, if it is another project's.
    pub lent: Option<Lent>,
}

/// How something of another project is shared.
#[derive(Clone, Debug)]
pub struct Lent {
    /// Word and name of the project that it belongs to.
    pub slug: String,
    pub name: String,
    pub access: ShareAccess,
    /// Whether the caller is from outside the organization.
    pub outside: bool,
    pub borrowed: Borrowed,
}

impl From<Columns> for Row {
    fn from(row: Columns) -> Row {
        let Columns { id, project_id, slug, name, description, created_by, created_at, trashed_at } = row;
        Row { id, project_id, slug, name, description, created_by, created_at, trashed_at, lent: None }
    }
}

impl Row {
    pub fn lent(row: Columns, lent: Lent) -> Row {
        Row { lent: Some(lent), ..row.into() }
    }

    /// The word by which it is reached. No project's word has a dot, and none of these has.
    pub(super) fn address(&self) -> String {
        match &self.lent {
            Some(lent) => format!("{}.{}", lent.slug, self.slug),
            None => self.slug.clone(),
        }
    }

    /// As the guard decides of each alone: whether somebody who came to the project, or to something in it, may do
    /// this to one of this type.
    pub(super) fn may<R: Resource, P: Permission>(
        &self,
        access: &Access<R, P>,
        object: Object,
        action: Action,
    ) -> bool {
        let owns = self.lent.is_none() && self.created_by == access.caller().user.id;
        let lets = |lent: &Lent| lent.borrowed.lets(access.policy(), object, action);
        access.may(object, action, owns) && self.lent.as_ref().is_none_or(lets)
    }

    /// Whether lists have it for this caller: from the trash it is for those to take who may put it there.
    pub fn is_shown<R: Resource, P: Permission>(&self, access: &Access<R, P>, object: Object) -> bool {
        let needed: &[Action] = match self.trashed_at {
            Some(_) => &[Action::Read, Action::Delete],
            None => &[Action::Read],
        };
        needed.iter().all(|action| self.may(access, object, *action))
    }
}
