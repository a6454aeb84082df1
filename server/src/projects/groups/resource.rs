//! What the guard needs to know of the groups in a project.

use crate::db::{Connection, schema};
use crate::error::Result;
use crate::projects::{Kind, Part, Project};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A group in a project: a member like a person.
pub type ProjectGroup = Part<ProjectGroupKind>;

pub struct ProjectGroupKind;

impl Kind for ProjectGroupKind {
    const OBJECT: Object = Object::Member;
    const PARAMETER: &'static str = "group";
    /// The group's id.
    type Row = String;

    fn find(connection: &mut Connection, project: &Project, id: &str) -> Result<Option<String>> {
        use schema::project_groups as members;
        let this = members::table.find((&project.row.id, id));
        Ok(this.select(members::group_id).first(connection).optional()?)
    }

    fn owner(_: &String) -> Option<&str> {
        None
    }
}
