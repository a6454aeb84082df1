//! The members; who may changes roles and removes people here.

use crate::components::Confirm;
use crate::contexts::account::Account;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::member::{Member, UpdateMember};
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn MemberTable(list: RwSignal<Vec<Member>>, members: Fetched<Vec<Member>>) -> impl IntoView {
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
                        key=|m| (m.person.clone(), m.role, m.name.clone())
                        let(member)
                    >
                        <MemberRow member members />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn MemberRow(member: Member, members: Fetched<Vec<Member>>) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let removing = RwSignal::new(false);
    let me = Account::expect().me.with_untracked(|me| me.id == member.person);
    let id = StoredValue::new(member.person.clone());
    let name = StoredValue::new(member.name.clone());
    let role = member.role;
    let change = move |event| {
        let Ok(role) = event_target_value(&event).parse() else { return };
        let body = UpdateMember { role };
        let call = calls::member_update(&project.org.slug(), &project.slug(), &id.get_value(), &body);
        sending.act(call, toasts, move |_: Member| {
            toasts.done(tr!(members.role_changed, name = name.get_value()));
            members.refetch();
        });
    };
    let remove = Callback::new(move |()| {
        let call = calls::member_remove(&project.org.slug(), &project.slug(), &id.get_value());
        sending.send(call, move |()| {
            removing.set(false);
            toasts.done(tr!(members.removed, name = name.get_value()));
            members.refetch();
        });
    });
    let roles = move || {
        let option = |(word, text): (String, String)| {
            let chosen = word == role.as_str();
            view! { <option value=word selected=chosen>{text}</option> }
        };
        words::project_roles().into_iter().map(option).collect_view()
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
                    fallback=move || words::role(role.into())
                >
                    <select
                        class="input"
                        aria-label=tr!(members.role_of, name = name.get_value())
                        disabled=sending.busy()
                        on:change=change
                    >
                        {roles}
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
