//! Adds somebody of the organization, or a group.

use super::role_choice::RoleChoice;
use crate::components::form::{FormFailure, SelectField, Submit};
use crate::components::{Loaded, Pick, PickList};
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::grant::Subject;
use atelier_api::group::{AddProjectGroup, ProjectGroup};
use atelier_api::member::{AddMember, Member};
use atelier_api::role::ProjectRole;
use leptos::prelude::*;

#[component]
pub(crate) fn AddForm(open: RwSignal<bool>, roles: RoleChoice, added: Callback<()>) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let search = RwSignal::new(String::new());
    let picked = RwSignal::new(None::<Pick>);
    let role = RwSignal::new(ProjectRole::DataScientist.to_string());
    let sending = Sending::new();
    let people = Fetched::new(move || {
        calls::member_candidates(&project.org.slug(), &project.slug(), search.get().trim())
    });
    let groups = Fetched::new(move || {
        calls::project_group_candidates(&project.org.slug(), &project.slug(), search.get().trim())
    });
    let done = move |name: String| {
        toasts.done(tr!(members.added, name = name));
        added.run(());
        open.set(false);
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let parsed = roles.parse(&role.get_untracked());
        let (Some(pick), Some((role, custom_role))) = (picked.get_untracked(), parsed) else { return };
        let (org, slug) = (project.org.slug(), project.slug());
        match pick.subject {
            Subject::Person(person) => {
                let call = calls::member_add(&org, &slug, &AddMember { person, role, custom_role });
                sending.send(call, move |member: Member| done(member.name));
            }
            Subject::Group(group) => {
                let body = AddProjectGroup { group, role, custom_role };
                let call = calls::project_group_add(&org, &slug, &body);
                sending.send(call, move |group: ProjectGroup| done(group.name));
            }
            // No role is offered here.
            Subject::Role(_) => {}
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <Loaded of=people let:people>
                <Loaded of=groups let:groups>
                    <PickList
                        label=tr!(members.search)
                        search
                        found=Signal::derive(move || {
                            let groups = groups.get().into_iter();
                            let groups = groups.map(|found| Pick::group(found.group, found.name, found.people));
                            let people = people.get().into_iter();
                            groups
                                .chain(people.map(|found| Pick::person(found.person, found.name, found.email)))
                                .collect()
                        })
                        picked
                        nobody=tr!(members.nobody_found)
                    />
                </Loaded>
            </Loaded>
            <SelectField
                label=tr!(members.role)
                value=role
                options=untrack(|| roles.options(false))
                problem=sending.problem("role")
            />
            <Show when=move || role.with(|role| role == ProjectRole::NoAccess.as_str())>
                <p class="hint">{tr!(members.no_access_hint)}</p>
            </Show>
            <FormFailure sending />
            <div class="row end">
                <Submit
                    label=tr!(members.add_button).to_owned()
                    sending
                    disabled=Signal::derive(move || picked.with(Option::is_none))
                />
            </div>
        </form>
    }
}
