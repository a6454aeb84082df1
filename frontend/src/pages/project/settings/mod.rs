//! Name and description, putting the project away, and deleting it.

mod away;

use crate::components::form::AreaField;
use crate::components::{NotYours, PageHead, SettingsForm};
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending, Typed};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::project::UpdateProject;
use atelier_api::role::{Action, Object, ProjectRole};
use away::{Archive, Delete};
use leptos::prelude::*;

#[component]
pub(crate) fn ProjectSettings() -> impl IntoView {
    let project = Proj::expect();
    view! {
        <PageHead title=tr!(common.settings).to_owned() />
        <Show when=move || project.may(Object::Project, Action::Update)>
            <Rename />
            <Archive />
        </Show>
        <Show when=move || project.may(Object::Project, Action::Delete)>
            <Delete />
        </Show>
        <Show when=move || ![Action::Update, Action::Delete].iter().any(|action| project.may(Object::Project, *action))>
            <NotYours granted_by=owners() />
        </Show>
    }
}

/// Those who can grant more here: the project's owners.
pub(crate) fn owners() -> Signal<Vec<String>> {
    let project = Proj::expect();
    if !untrack(|| project.may(Object::Member, Action::Read)) {
        return Signal::stored(Vec::new());
    }
    let members = Fetched::new(move || calls::member_list(&project.org.slug(), &project.slug()));
    Signal::derive(move || {
        let all = members.get().unwrap_or_default();
        all.into_iter().filter(|member| member.role == Some(ProjectRole::Owner)).map(|m| m.name).collect()
    })
}

#[component]
fn Rename() -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let version = StoredValue::new(project.info.with_untracked(|info| info.version));
    let name = Typed::over(project.info.with_untracked(|info| info.name.clone()));
    let description = Typed::over(project.info.with_untracked(|info| info.description.clone()));
    let sending = Sending::new();
    let save = Callback::new(move |()| {
        let body = UpdateProject {
            name: Some(name.value.get_untracked()),
            description: Some(description.value.get_untracked()),
            archived: None,
        };
        let call = calls::project_update(&project.org.slug(), &project.slug(), &body);
        sending.send(call.unless_changed(version.get_value()), move |info| {
            version.set_value(info.version);
            project.fetched.set(info);
            toasts.done(tr!(common.saved));
        });
    });
    let renew = Callback::new(move |()| {
        sending.send(calls::project_get(&project.org.slug(), &project.slug()), move |newer| {
            version.set_value(newer.version);
            name.renew(newer.name.clone());
            description.renew(newer.description.clone());
            project.fetched.set(newer);
        });
    });
    view! {
        <SettingsForm title=tr!(projects.project) name sending save renew>
            <AreaField
                label=tr!(projects.description)
                value=description.value
                hint=tr!(projects.description_hint)
                problem=sending.problem("description")
            />
        </SettingsForm>
    }
}
