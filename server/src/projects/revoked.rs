//! What runs for people whose right to it has ended.

use crate::app::App;
use crate::db::Connection;
use crate::error::Result;
use crate::events::Change;
use crate::workloads::request;

/// Sessions that should no longer run, as project and session.
#[must_use = "whoever watches the sessions must be told"]
#[derive(Default)]
pub(crate) struct Revoked(Vec<(String, String)>);

impl Revoked {
    /// What a person runs in an organization, or in one project of it. Call it in the transaction that ends
    /// the right.
    pub(crate) fn stop(
        connection: &mut Connection,
        user_id: &str,
        organization_id: &str,
        project_id: Option<&str>,
    ) -> Result<Revoked> {
        Ok(Revoked(request::stop_all_of_person(connection, organization_id, project_id, user_id)?))
    }

    /// Call it after the change is committed.
    pub(crate) fn tell(self, app: &App) {
        app.workloads.wake();
        for (project_id, session_id) in self.0 {
            app.events.tell(Change::Session { project_id, session_id });
        }
    }
}
