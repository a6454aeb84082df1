//! What is said of single objects, beside the roles.

use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::grant::GrantEffect;
use atelier_api::role::Object;
use atelier_policies::{Grant, RoleName};
use diesel::prelude::*;
use std::collections::HashMap;

/// What grants on some objects of one type say to a person, by name, through a group, or to one of these roles.
#[derive(Clone, Debug, Default)]
pub struct GrantsOn(HashMap<String, Vec<Grant>>);

impl GrantsOn {
    pub fn load<'a>(
        connection: &mut Connection,
        object: Object,
        ids: impl IntoIterator<Item = &'a str>,
        user_id: &str,
        roles: &[RoleName],
    ) -> Result<GrantsOn> {
        use schema::{grants, group_members};
        let groups = group_members::table
            .filter(group_members::user_id.eq(user_id))
            .select(group_members::group_id.nullable());
        let to_me = grants::user_id
            .eq(user_id)
            .or(grants::group_id.eq_any(groups))
            .or(grants::role.eq_any(roles.iter().map(RoleName::as_str)))
            .or(grants::effect.nullable().eq(GrantEffect::Only.as_str()));
        let ids: Vec<&str> = ids.into_iter().collect();
        let rows: Vec<(String, String, String)> = grants::table
            .filter(grants::object.eq(object.as_str()))
            .filter(grants::object_id.eq_any(ids))
            .filter(to_me)
            .select((grants::object_id, grants::action, grants::effect))
            .load(connection)?;
        let mut found: HashMap<String, Vec<Grant>> = HashMap::new();
        for (id, action, effect) in rows {
            // A word that we did not write must not open anything: it denies.
            let effect = effect.parse().unwrap_or(GrantEffect::Deny);
            if let Ok(action) = action.parse() {
                found.entry(id).or_default().push(Grant { action, effect });
            }
        }
        Ok(GrantsOn(found))
    }

    pub fn of(&self, id: &str) -> &[Grant] {
        self.0.get(id).map(Vec::as_slice).unwrap_or_default()
    }
}
