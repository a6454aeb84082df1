//! The roles that a member can have: the built-in ones, and those that the organization made.

use crate::contexts::organization::Org;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::custom_role::{CustomRole, CustomRoleName};
use atelier_api::event::Event;
use atelier_api::role::{Action, Object, ProjectRole, Role};
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

    /// Pairs of value and text. Only a single person can be kept out.
    pub(crate) fn options(self, is_group: bool) -> Vec<(String, String)> {
        let mut options = words::project_roles();
        options.extend(self.own().into_iter().map(|role| (role.id, role.name)));
        if !is_group {
            options.push((ProjectRole::NoAccess.to_string(), words::role(Role::NoAccess).to_owned()));
        }
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

/// The value of a role among the options.
pub(crate) fn word(role: ProjectRole, custom: Option<&CustomRoleName>) -> String {
    custom.map_or_else(|| role.to_string(), |role| role.id.clone())
}

/// A role, as people call it.
pub(crate) fn held_name(role: ProjectRole, custom: Option<&CustomRoleName>) -> String {
    custom.map_or_else(|| words::role(role.into()).to_owned(), |role| role.name.clone())
}

/// Chooses another role at once. A change that was refused shows the role that it still is.
#[component]
pub(crate) fn RoleSelect(
    role: ProjectRole,
    custom: Option<CustomRoleName>,
    /// Whose role it is.
    name: String,
    is_group: bool,
    roles: RoleChoice,
    sending: Sending,
    on_change: Callback<(ProjectRole, Option<String>)>,
) -> impl IntoView {
    let text = StoredValue::new(held_name(role, custom.as_ref()));
    let word = StoredValue::new(word(role, custom.as_ref()));
    let select = NodeRef::<leptos::html::Select>::new();
    Effect::new(move |_| {
        if sending.failure().with(Option::is_some)
            && let Some(select) = select.get_untracked()
        {
            select.set_value(&word.get_value());
        }
    });
    let options = move || {
        let option = |(value, text): (String, String)| {
            let chosen = word.with_value(|word| *word == value);
            view! { <option value=value prop:selected=chosen>{text}</option> }
        };
        let mut options = roles.options(is_group);
        // Who may not list the organization's own roles still sees which one somebody has.
        if !options.iter().any(|(value, _)| word.with_value(|word| word == value)) {
            options.push((word.get_value(), text.get_value()));
        }
        options.into_iter().map(option).collect_view()
    };
    view! {
        <select
            class="input"
            node_ref=select
            aria-label=tr!(members.role_of, name = name)
            on:change=move |event| {
                if let Some(chosen) = roles.parse(&event_target_value(&event)) {
                    on_change.run(chosen);
                }
            }
        >
            {options}
        </select>
    }
}
