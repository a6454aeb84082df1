//! The groups that have a role in the project; who may changes roles and removes groups here.

use super::role_choice::{RoleChoice, RoleSelect, held_name};
use crate::components::Confirm;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::group::ProjectGroup;
use atelier_api::member::UpdateMember;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn GroupTable(
    list: RwSignal<Vec<ProjectGroup>>,
    groups: Fetched<Vec<ProjectGroup>>,
    roles: RoleChoice,
) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(groups.title)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(common.name)}</th>
                        <th scope="col">{tr!(members.role)}</th>
                        <th scope="col">{tr!(members.since)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || list.get()
                        key=|g| {
                            let role = held_name(g.role, g.custom_role.as_ref());
                            (g.group.clone(), g.version, role, g.name.clone(), g.people)
                        }
                        let(group)
                    >
                        <GroupRow group groups roles />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn GroupRow(group: ProjectGroup, groups: Fetched<Vec<ProjectGroup>>, roles: RoleChoice) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let removing = RwSignal::new(false);
    let this = StoredValue::new(group.clone());
    let name = move || this.with_value(|group| group.name.clone());
    let custom = move || this.with_value(|group| group.custom_role.clone());
    let role = group.role;
    let change = Callback::new(move |(role, custom_role)| {
        let body = UpdateMember { role, custom_role };
        let (id, version) = this.with_value(|group| (group.group.clone(), group.version));
        let call = calls::project_group_update(&project.org.slug(), &project.slug(), &id, &body);
        sending.act(call.unless_changed(version), toasts, move |_: ProjectGroup| {
            toasts.done(tr!(members.role_changed, name = name()));
            groups.refetch();
        });
    });
    // Whatever somebody else made of it meanwhile is shown.
    Effect::new(move |_| {
        if sending.failure().with(|failure| failure.as_ref().is_some_and(|f| f.status() == Some(412))) {
            groups.refetch();
        }
    });
    let remove = Callback::new(move |()| {
        let (id, version) = this.with_value(|group| (group.group.clone(), group.version));
        let call = calls::project_group_remove(&project.org.slug(), &project.slug(), &id);
        sending.send(call.unless_changed(version), move |()| {
            removing.set(false);
            toasts.done(tr!(members.removed, name = name()));
            groups.refetch();
        });
    });
    view! {
        <tr>
            <td>
                <b class="strong">{group.name}</b>
                <p class="faint small">{tr!(groups.people_count, count = group.people)}</p>
            </td>
            <td>
                <Show
                    when=move || project.may(Object::Member, Action::Update)
                    fallback=move || held_name(role, custom().as_ref())
                >
                    <RoleSelect role custom=custom() name=name() roles sending on_change=change />
                </Show>
            </td>
            <td class="muted nowrap">{time::date(group.since)}</td>
            <td class="num">
                <Show when=move || project.may(Object::Member, Action::Delete)>
                    <button
                        class="btn quiet danger"
                        aria-label=tr!(members.remove_named, name = name())
                        on:click=move |_| removing.set(true)
                    >
                        {tr!(members.remove)}
                    </button>
                </Show>
                <Confirm
                    open=removing
                    title=tr!(members.remove_title, name = name())
                    text=tr!(members.remove_group_text).to_owned()
                    action=tr!(members.remove).to_owned()
                    sending
                    on_confirm=remove
                />
            </td>
        </tr>
    }
}
