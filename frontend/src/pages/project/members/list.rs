//! The members; who may changes roles and removes people here.

use super::role_choice::{self, RoleChoice};
use crate::components::Confirm;
use crate::contexts::account::Account;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::member::{Member, UpdateMember};
use atelier_api::role::{Action, Object};
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
                        key=|m| (m.person.clone(), role_choice::word(m), m.name.clone())
                        let(member)
                    >
                        <MemberRow member members roles />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn MemberRow(member: Member, members: Fetched<Vec<Member>>, roles: RoleChoice) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let removing = RwSignal::new(false);
    let me = Account::expect().me.with_untracked(|me| me.id == member.person);
    let id = StoredValue::new(member.person.clone());
    let name = StoredValue::new(member.name.clone());
    let name_of_role = StoredValue::new(role_choice::name(&member));
    let word = StoredValue::new(role_choice::word(&member));
    let change = move |event| {
        let Some((role, custom_role)) = roles.parse(&event_target_value(&event)) else { return };
        let body = UpdateMember { role, custom_role };
        let call = calls::member_update(&project.org.slug(), &project.slug(), &id.get_value(), &body);
        sending.act(call, toasts, move |_: Member| {
            toasts.done(tr!(members.role_changed, name = name.get_value()));
            members.refetch();
        });
    };
    let select = NodeRef::<leptos::html::Select>::new();
    // A change that was refused shows the role that it still is.
    Effect::new(move |_| {
        if sending.failure().with(Option::is_some)
            && let Some(select) = select.get_untracked()
        {
            select.set_value(&word.get_value());
        }
    });
    let remove = Callback::new(move |()| {
        let call = calls::member_remove(&project.org.slug(), &project.slug(), &id.get_value());
        sending.send(call, move |()| {
            removing.set(false);
            toasts.done(tr!(members.removed, name = name.get_value()));
            members.refetch();
        });
    });
    let options = move || {
        let option = |(value, text): (String, String)| {
            let chosen = word.with_value(|word| *word == value);
            view! { <option value=value prop:selected=chosen>{text}</option> }
        };
        let mut options = roles.options();
        // Who may not list the organization's own roles still sees which one somebody has.
        if !options.iter().any(|(value, _)| word.with_value(|word| word == value)) {
            options.push((word.get_value(), name_of_role.get_value()));
        }
        options.into_iter().map(option).collect_view()
    };
    view! {
        <tr>
            <td>
                <b class="strong">{member.name}</b>
                {me.then(|| view! { " " <span class="chip">{tr!(members.you)}</span> })}
                <p class="faint small">{member.email}</p>
            </td>
            <td>
                <Show
                    when=move || project.may(Object::Member, Action::Update)
                    fallback=move || name_of_role.get_value()
                >
                    <select
                        class="input"
                        node_ref=select
                        aria-label=tr!(members.role_of, name = name.get_value())
                        on:change=change
                    >
                        {options}
                    </select>
                </Show>
            </td>
            <td class="muted nowrap">{time::date(member.since)}</td>
            <td class="num">
                <Show when=move || project.may(Object::Member, Action::Delete)>
                    <button
                        class="btn quiet danger"
                        aria-label=tr!(members.remove_named, name = name.get_value())
                        on:click=move |_| removing.set(true)
                    >
                        {tr!(members.remove)}
                    </button>
                </Show>
                <Confirm
                    open=removing
                    title=tr!(members.remove_title, name = name.get_value())
                    text=tr!(members.remove_text).to_owned()
                    action=tr!(members.remove).to_owned()
                    sending
                    on_confirm=remove
                />
            </td>
        </tr>
    }
}
