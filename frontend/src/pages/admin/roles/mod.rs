//! The organization's own roles for its projects, beside the built-in ones.

mod edit;
mod grid;

use crate::components::{Confirm, Dialog, Empty, Loaded, PageHead};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::custom_role::CustomRole;
use atelier_api::event::Event;
use atelier_api::role::{Action, Object};
use edit::EditRole;
use leptos::prelude::*;

#[component]
pub(crate) fn Roles() -> impl IntoView {
    let org = Org::expect();
    let open = RwSignal::new(false);
    let editing = RwSignal::new(None::<CustomRole>);
    let roles = Fetched::new(move || calls::custom_role_list(&org.slug()))
        .stale_on(org.live, |event| matches!(event, Event::PeopleChanged));
    let built_in = Fetched::new(move || calls::role_list(&org.slug()));
    let add = move |_| {
        editing.set(None);
        open.set(true);
    };
    let title = move || editing.get().map_or_else(|| tr!(own_roles.add).to_owned(), |role| role.name);
    view! {
        <PageHead title=tr!(own_roles.title).to_owned() note=tr!(own_roles.note).to_owned()>
            <Show when=move || org.may(Object::Role, Action::Create)>
                <button class="btn primary" on:click=add>
                    {tr!(own_roles.add)}
                </button>
            </Show>
        </PageHead>
        <div class="card">
            <Loaded of=roles let:list>
                <Show
                    when=move || list.with(|list| !list.is_empty())
                    fallback=|| view! { <Empty title=tr!(own_roles.none) text=tr!(own_roles.none_text) /> }
                >
                    <ul class="lines">
                        <For
                            each=move || list.get()
                            key=|r| (r.id.clone(), r.version, r.members)
                            let(role)
                        >
                            <RoleLine role roles editing open />
                        </For>
                    </ul>
                </Show>
            </Loaded>
        </div>
        <Dialog open title=Signal::derive(title)>
            <Loaded of=built_in let:built_in>
                <EditRole role=editing.get_untracked() built_in=built_in.get_untracked() roles open />
            </Loaded>
        </Dialog>
    }
}

#[component]
fn RoleLine(
    role: CustomRole,
    roles: Fetched<Vec<CustomRole>>,
    editing: RwSignal<Option<CustomRole>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let deleting = RwSignal::new(false);
    let sending = Sending::new();
    let this = StoredValue::new(role.clone());
    let name = move || this.with_value(|role| role.name.clone());
    let edit = move |_| {
        editing.set(Some(this.get_value()));
        open.set(true);
    };
    let delete = Callback::new(move |()| {
        let (id, version) = this.with_value(|role| (role.id.clone(), role.version));
        let call = calls::custom_role_delete(&org.slug(), &id).unless_changed(version);
        sending.send(call, move |()| {
            deleting.set(false);
            toasts.done(tr!(own_roles.deleted, name = name()));
            roles.refetch();
        });
    });
    let phrases = words::phrases(&role.allow).join(" · ");
    let never = words::phrases(&role.deny).join(" · ");
    view! {
        <li class="row between wrap">
            <div class="grow">
                <b class="strong">{role.name}</b>
                " "
                <span class="chip">{tr!(own_roles.members, count = role.members)}</span>
                <p class="muted small sentence">{phrases}</p>
                {(!never.is_empty())
                    .then(|| view! { <p class="faint small">{tr!(own_roles.never_list, list = never)}</p> })}
            </div>
            <div class="row">
                <Show when=move || org.may(Object::Role, Action::Update)>
                    <button class="btn" aria-label=tr!(own_roles.edit_named, name = name()) on:click=edit>
                        {tr!(common.edit)}
                    </button>
                </Show>
                <Show when=move || org.may(Object::Role, Action::Delete)>
                    <button
                        class="btn quiet danger"
                        aria-label=tr!(own_roles.delete_named, name = name())
                        on:click=move |_| deleting.set(true)
                    >
                        {tr!(common.delete)}
                    </button>
                </Show>
            </div>
            <Confirm
                open=deleting
                title=tr!(own_roles.delete_title, name = name())
                text=tr!(own_roles.delete_text).to_owned()
                action=tr!(common.delete).to_owned()
                sending
                on_confirm=delete
            />
        </li>
    }
}
