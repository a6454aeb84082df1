//! Callers inside a workload: programs that ask over the workload's socket, which is who they are.
//!
//! They act for the person who started the workload, with that person's rights of this moment, and of
//! those only what this file lists; the rest is refused to whatever runs there, above all what would reach
//! the person's account, other people, other projects, or keep the workload itself alive.

use super::{Permission, Resource, User};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use atelier_api::role::{Action, Object};
use atelier_api::session::SessionState;
use diesel::prelude::*;

/// Put on a connection by whoever accepted it from the workload's socket, and on no other: the id of the
/// workload.
#[derive(Clone, Debug)]
pub struct FromWorkload(pub String);

/// The workload that a caller is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    pub workload_id: String,
    pub organization_id: String,
    pub project_id: String,
}

impl Inside {
    /// The workload and the person for whom it speaks.
    ///
    /// # Errors
    /// If it has ended, or the person may no longer work there.
    pub(super) fn of(connection: &mut Connection, workload_id: &str) -> Result<(Inside, User)> {
        use schema::{
            organization_members as members, projects, users, workload_starts as starts,
            workload_status as status, workloads,
        };
        let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
        let started = starts::workload_id.eq(workloads::id).and(starts::generation.eq(workloads::generation));
        let member = members::user_id
            .eq(starts::asked_by)
            .and(members::organization_id.eq(workloads::organization_id));
        let found = workloads::table
            .inner_join(status::table)
            .inner_join(projects::table)
            .inner_join(starts::table.on(started))
            .inner_join(users::table.on(users::id.eq(starts::asked_by)))
            .inner_join(members::table.on(member))
            .filter(workloads::id.eq(workload_id))
            .filter(workloads::deleted_at.is_null())
            .filter(projects::deleted_at.is_null())
            .filter(status::state.ne_all(over))
            .filter(members::disabled_at.is_null())
            .select((workloads::organization_id, workloads::project_id, User::as_select()))
            .first::<(String, String, User)>(connection)
            .optional()?;
        let (organization_id, project_id, user) = found.ok_or_else(Error::workload_over)?;
        Ok((Inside { workload_id: workload_id.to_owned(), organization_id, project_id }, user))
    }

    /// Whether the workload still speaks for somebody.
    pub fn lasts(connection: &mut Connection, workload_id: &str) -> Result<bool> {
        match Inside::of(connection, workload_id) {
            Ok(_) => Ok(true),
            Err(error) if error.problem().status == 401 => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the row is in the workload's project, or in its organization and in no project.
    pub(super) fn reaches<R: Resource>(&self, row: &R) -> bool {
        row.organization().is_some_and(|organization| organization.id == self.organization_id)
            && row.project_id().is_none_or(|id| id == self.project_id)
    }
}

/// What may be asked for from inside. Not listed, so refused: `Session Open`, which gives out a way in and
/// puts off the idle stop; `Session Create` and `Start`, by which sessions could start each other for ever;
/// `Organization Read`, which lists all of the person's projects; `Update` and `Delete` of datasets and models,
/// which are not a program's work.
pub(super) fn may<R: Resource, P: Permission>() -> bool {
    matches!(
        (R::OBJECT, P::OBJECT, P::ACTION),
        (Object::Organization, Object::Tier | Object::Environment, Action::Read)
            | (Object::Project, Object::Project | Object::Member | Object::Session, Action::Read)
            | (Object::Session, Object::Session, Action::Read | Action::Stop)
            | (Object::Project, Object::Dataset | Object::Model, Action::Read | Action::Create)
            | (Object::Dataset, Object::Dataset, Action::Read | Action::Commit)
            | (Object::File, Object::File, Action::Read | Action::Commit)
            | (Object::Model, Object::Model, Action::Read | Action::Commit)
            | (Object::Result, Object::Result, Action::Read | Action::Commit)
    )
}
