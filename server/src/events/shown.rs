//! What a person is told of a change: nothing of what he or she may not see.

use super::hub::Change;
use crate::access::Viewer;
use crate::app::App;
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::sessions;
use atelier_api::event::Event;
use atelier_api::role::Object;
use diesel::prelude::*;

pub(super) fn shown(
    connection: &mut Connection,
    app: &App,
    viewer: &Viewer,
    change: Change,
) -> Result<Option<Event>> {
    let here = |organization_id: &str| organization_id == viewer.organization_id;
    Ok(match change {
        Change::Session { project_id, session_id } => {
            let owner: Option<String> = schema::workloads::table
                .find(&session_id)
                .select(schema::workloads::owner_id)
                .first(connection)
                .optional()?;
            let mine = owner.as_ref() == Some(&viewer.user_id);
            if !viewer.may_see_in(&project_id, Object::Session, mine)
                || project(connection, viewer, &project_id, Object::Project)?.is_none()
            {
                return Ok(None);
            }
            let found = sessions::store::by_ids(connection, app, &viewer.user_id, &[&session_id])?;
            found.into_iter().next().map(|session| Event::Session { session: Box::new(session) })
        }
        Change::SessionDeleted { project_id, session_id } => {
            project(connection, viewer, &project_id, Object::Session)?
                .map(|project| Event::SessionDeleted { project, id: session_id })
        }
        Change::Projects { organization_id } => here(&organization_id).then_some(Event::ProjectsChanged),
        Change::Project { project_id } => project(connection, viewer, &project_id, Object::Project)?
            .map(|project| Event::ProjectChanged { project }),
        Change::Members { project_id } => project(connection, viewer, &project_id, Object::Member)?
            .map(|project| Event::MembersChanged { project }),
        Change::Datasets { project_id } => project(connection, viewer, &project_id, Object::Dataset)?
            .map(|project| Event::DatasetsChanged { project }),
        Change::Files { project_id } => project(connection, viewer, &project_id, Object::File)?
            .map(|project| Event::FilesChanged { project }),
        Change::Models { project_id } => project(connection, viewer, &project_id, Object::Model)?
            .map(|project| Event::ModelsChanged { project }),
        Change::Results { project_id } => project(connection, viewer, &project_id, Object::Result)?
            .map(|project| Event::ResultsChanged { project }),
        Change::People { organization_id } => {
            (here(&organization_id) && viewer.may_see(Object::Person)).then_some(Event::PeopleChanged)
        }
        Change::Tiers { organization_id } => {
            (here(&organization_id) && viewer.may_see(Object::Tier)).then_some(Event::TiersChanged)
        }
        Change::Environment { id } => {
            viewer.may_see(Object::Environment).then_some(Event::EnvironmentChanged { environment: id })
        }
        Change::BuildLine { environment, line } => {
            viewer.may_see(Object::Environment).then_some(Event::BuildLine { environment, line })
        }
        Change::Missed => Some(Event::Resync),
        Change::Spend { organization_id, user_id } => {
            let mine = user_id == viewer.user_id;
            (here(&organization_id) && (mine || viewer.may_see(Object::Spend))).then_some(Event::SpendChanged)
        }
    })
}

/// The slug of a project of the viewer's organization, if he or she may see this type of thing in it.
fn project(
    connection: &mut Connection,
    viewer: &Viewer,
    project_id: &str,
    object: Object,
) -> Result<Option<String>> {
    use schema::projects;
    if !viewer.may_see_in(project_id, object, false) {
        return Ok(None);
    }
    Ok(projects::table
        .find(project_id)
        .filter(projects::organization_id.eq(&viewer.organization_id))
        .select(projects::slug)
        .first(connection)
        .optional()?)
}
