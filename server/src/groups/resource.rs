//! What the guard needs to know of groups.

use crate::db::{Connection, schema::groups};
use crate::error::Result;
use crate::organizations::{Kind, Part};
use atelier_api::role::Object;
use diesel::prelude::*;

/// A group and its organization.
pub type Group = Part<GroupKind>;

pub struct GroupKind;

impl Kind for GroupKind {
    const OBJECT: Object = Object::Group;
    const PARAMETER: &'static str = "group";
    const TAKES_GRANTS: bool = false;

    fn exists(connection: &mut Connection, organization_id: &str, id: &str) -> Result<bool> {
        let this = groups::table.find(id).filter(groups::organization_id.eq(organization_id));
        Ok(this.count().get_result::<i64>(connection)? > 0)
    }
}
