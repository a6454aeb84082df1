//! What the guard needs to know of a project's members.

use crate::db::{Connection, schema};
use crate::error::Result;
use crate::projects::{Kind, Part, Project};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A person in a project.
pub type ProjectMember = Part<ProjectMemberKind>;

pub struct ProjectMemberKind;

impl Kind for ProjectMemberKind {
    const OBJECT: Object = Object::Member;
    const PARAMETER: &'static str = "person";
    /// The person's id.
    type Row = String;

    fn find(connection: &mut Connection, project: &Project, id: &str) -> Result<Option<String>> {
        use schema::project_members as members;
        let this = members::table.find((&project.row.id, id));
        Ok(this.select(members::user_id).first(connection).optional()?)
    }

    fn owner(person: &String) -> Option<&str> {
        Some(person)
    }
}
