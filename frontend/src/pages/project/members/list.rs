//! The people of a project and through what they are here; who may changes roles and removes people.

use super::role_choice::{RoleChoice, RoleSelect, held_name};
use crate::components::Confirm;
use crate::contexts::account::Account;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::{list, time};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::member::{Member, UpdateMember};
use atelier_api::role::{Action, Object, ProjectRole};
use leptos::prelude::*;

#[component]
pub(crate) fn MemberTable(
    list: RwSignal<Vec<Member>>,
    members: Fetched<Vec<Member>>,
    roles: RoleChoice,
) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(members.title)>
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
                        key=|m| (m.person.clone(), m.version, member_role(m), m.name.clone())
                        let(member)
                    >
                        <MemberRow member members roles />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// What somebody is in the project: a role of his or her own, groups, or both.
pub(crate) fn member_role(member: &Member) -> String {
    let own = member.role.map(|role| held_name(role, member.custom_role.as_ref()));
    match (own, through(member)) {
        (Some(own), Some(groups)) => tr!(members.own_and_through, role = own, groups = groups),
        (Some(own), None) => own,
        (None, groups) => tr!(members.through, groups = groups.unwrap_or_default()),
    }
}

/// The groups through which somebody is here.
fn through(member: &Member) -> Option<String> {
    let names: Vec<String> = member.groups.iter().map(|group| group.name.clone()).collect();
    (!names.is_empty()).then(|| list::and(&names))
}

#[component]
fn MemberRow(member: Member, members: Fetched<Vec<Member>>, roles: RoleChoice) -> impl IntoView {
    let me = Account::expect().me.with_untracked(|me| me.id == member.person);
    let this = StoredValue::new(member.clone());
    let groups = through(&member);
    let own = match member.role {
        Some(role) => view! { <OwnRole member=this role members roles groups /> }.into_any(),
        None => view! { <td colspan="3" class="muted">{member_role(&member)}</td> }.into_any(),
    };
    view! {
        <tr>
            <td>
                <b class="strong">{member.name}</b>
                {me.then(|| view! { " " <span class="chip">{tr!(members.you)}</span> })}
                <p class="faint small">{member.email}</p>
            </td>
            {own}
        </tr>
    }
}

/// The cells of who has a role of his or her own.
#[component]
fn OwnRole(
    member: StoredValue<Member>,
    role: ProjectRole,
    members: Fetched<Vec<Member>>,
    roles: RoleChoice,
    groups: Option<String>,
) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let removing = RwSignal::new(false);
    let name = move || member.with_value(|member| member.name.clone());
    let custom = move || member.with_value(|member| member.custom_role.clone());
    let since = member.with_value(|member| member.since);
    let change = Callback::new(move |(role, custom_role)| {
        let body = UpdateMember { role, custom_role };
        let (id, version) = member.with_value(|member| (member.person.clone(), member.version));
        let call = calls::member_update(&project.org.slug(), &project.slug(), &id, &body);
        sending.act(call.unless_changed(version), toasts, move |_: Member| {
            toasts.done(tr!(members.role_changed, name = name()));
            members.refetch();
        });
    });
    // Whatever somebody else made of it meanwhile is shown.
    Effect::new(move |_| {
        if sending.failure().with(|failure| failure.as_ref().is_some_and(|f| f.status() == Some(412))) {
            members.refetch();
        }
    });
    let remove = Callback::new(move |()| {
        let (id, version) = member.with_value(|member| (member.person.clone(), member.version));
        let call = calls::member_remove(&project.org.slug(), &project.slug(), &id);
        sending.send(call.unless_changed(version), move |()| {
            removing.set(false);
            toasts.done(tr!(members.removed, name = name()));
            members.refetch();
        });
    });
    view! {
        <td>
            <Show
                when=move || project.may(Object::Member, Action::Update)
                fallback=move || held_name(role, custom().as_ref())
            >
                <RoleSelect role custom=custom() name=name() roles sending on_change=change />
            </Show>
            {groups
                .map(|groups| {
                    view! { <p class="faint small">{tr!(members.also_through, groups = groups)}</p> }
                })}
        </td>
        <td class="muted nowrap">{since.map(time::date)}</td>
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
                text=tr!(members.remove_text).to_owned()
                action=tr!(members.remove).to_owned()
                sending
                on_confirm=remove
            />
        </td>
    }
}
