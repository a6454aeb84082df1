//! The roles that a member can have: the built-in ones, and those that the organization made.

use crate::contexts::organization::Org;
use crate::data::Fetched;
use crate::words;
use atelier_api::calls;
use atelier_api::custom_role::CustomRole;
use atelier_api::event::Event;
use atelier_api::member::Member;
use atelier_api::role::{Action, Object, ProjectRole};
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub(crate) struct RoleChoice(Option<Fetched<Vec<CustomRole>>>);

impl RoleChoice {
    pub(crate) fn fetch(org: Org) -> Self {
        let may_list = untrack(|| org.may(Object::Role, Action::Read));
        RoleChoice(may_list.then(|| {
            Fetched::new(move || calls::custom_role_list(&org.slug()))
                .stale_on(org.live, |event| matches!(event, Event::PeopleChanged))
        }))
    }

    fn own(self) -> Vec<CustomRole> {
        self.0.and_then(Fetched::get).unwrap_or_default()
    }

    /// Pairs of value and text.
    pub(crate) fn options(self) -> Vec<(String, String)> {
        let mut options = words::project_roles();
        options.extend(self.own().into_iter().map(|role| (role.id, role.name)));
        options
    }

    /// The role and, if it is one of the organization's, its id.
    pub(crate) fn parse(self, value: &str) -> Option<(ProjectRole, Option<String>)> {
        if let Ok(role) = value.parse() {
            return Some((role, None));
        }
        let own = untrack(|| self.own()).into_iter().find(|role| role.id == value)?;
        Some((own.base, Some(own.id)))
    }
}

/// The value of a member's role among the options.
pub(crate) fn word(member: &Member) -> String {
    member.custom_role.as_ref().map_or_else(|| member.role.to_string(), |role| role.id.clone())
}

/// A member's role, as people call it.
pub(crate) fn name(member: &Member) -> String {
    let built_in = || words::role(member.role.into()).to_owned();
    member.custom_role.as_ref().map_or_else(built_in, |role| role.name.clone())
}
