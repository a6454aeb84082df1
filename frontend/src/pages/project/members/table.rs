//! The people or the groups of a project, each with its role; who may changes roles and removes them.

use super::holder::Holder;
use super::role_choice::{RoleChoice, RoleSelect, held_name};
use crate::components::Confirm;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::format::time;
use crate::text::tr;
use atelier_api::member::UpdateMember;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(super) fn HolderTable(
    label: &'static str,
    holders: Signal<Vec<Holder>>,
    roles: RoleChoice,
    changed: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="holders">
                <thead>
                    <tr>
                        <th scope="col">{tr!(common.name)}</th>
                        <th scope="col">{tr!(members.role)}</th>
                        <th scope="col" class="wide-only">{tr!(members.since)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    // A row is made anew when anything that it shows changes.
                    <For
                        each=move || holders.get()
                        key=|holder| format!("{holder:?}")
                        let(holder)
                    >
                        <HolderRow holder roles changed />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn HolderRow(holder: Holder, roles: RoleChoice, changed: Callback<()>) -> impl IntoView {
    let chip = holder.me.then(|| view! { " " <span class="chip">{tr!(members.you)}</span> });
    let (name, note) = (holder.name.clone(), holder.note.clone());
    let rest = match (&holder.role, &holder.through) {
        (None, groups) => {
            let through = tr!(members.through, groups = groups.clone().unwrap_or_default());
            view! { <td colspan="3" class="muted">{through}</td> }.into_any()
        }
        (Some(_), _) => view! { <Own holder=StoredValue::new(holder) roles changed /> }.into_any(),
    };
    view! {
        <tr>
            <td>
                <b class="strong">{name}</b>
                {chip}
                <p class="faint small">{note}</p>
            </td>
            {rest}
        </tr>
    }
}

/// The cells of who has a role of its own.
#[component]
fn Own(holder: StoredValue<Holder>, roles: RoleChoice, changed: Callback<()>) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let removing = RwSignal::new(false);
    let name = move || holder.with_value(|holder| holder.name.clone());
    let Holder { role, through, since, .. } = holder.get_value();
    let is_group = holder.with_value(Holder::is_group);
    let change = Callback::new(move |(role, custom_role)| {
        let body = UpdateMember { role, custom_role };
        holder.with_value(|holder| {
            holder.give(project, &body, (sending, toasts), move || {
                toasts.done(tr!(members.role_changed, name = name()));
                changed.run(());
            });
        });
    });
    // Whatever somebody else made of it meanwhile is shown.
    Effect::new(move |_| {
        if sending.failure().with(|failure| failure.as_ref().is_some_and(|f| f.status() == Some(412))) {
            changed.run(());
        }
    });
    let remove = Callback::new(move |()| {
        holder.with_value(|holder| {
            holder.remove(project, sending, move || {
                removing.set(false);
                toasts.done(tr!(members.removed, name = name()));
                changed.run(());
            });
        });
    });
    let role = move || {
        let (role, custom) = role.clone()?;
        let text = held_name(role, custom.as_ref());
        Some(match project.may(Object::Member, Action::Update) {
            true => view! { <RoleSelect role custom name=name() is_group roles sending on_change=change /> }
                .into_any(),
            false => text.into_any(),
        })
    };
    view! {
        <td>
            {role}
            {through
                .map(|groups| {
                    view! { <p class="faint small">{tr!(members.also_through, groups = groups)}</p> }
                })}
        </td>
        <td class="muted nowrap wide-only">{since.map(time::date)}</td>
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
                text=holder.with_value(Holder::removal).to_owned()
                action=tr!(members.remove).to_owned()
                sending
                on_confirm=remove
            />
        </td>
    }
}
