//! One group: who is in it, and what it gives them.

use super::edit::EditGroup;
use super::people::GroupPeople;
use crate::components::{Confirm, Dialog, Loaded, PageHead};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::list;
use crate::pages::project::members::held_name;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::group::{Group, GroupDetail};
use atelier_api::role::{Action, Object};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};

#[component]
pub(crate) fn GroupPage() -> impl IntoView {
    let org = Org::expect();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("group").unwrap_or_default()));
    let group = Fetched::new(move || calls::group_get(&org.slug(), &id.get()))
        .stale_on(org.live, |event| matches!(event, Event::PeopleChanged | Event::TiersChanged));
    view! {
        <Loaded of=group whole=true let:detail>
            <Detail detail group />
        </Loaded>
    }
}

#[component]
fn Detail(detail: RwSignal<GroupDetail>, group: Fetched<GroupDetail>) -> impl IntoView {
    let org = Org::expect();
    let editing = RwSignal::new(false);
    let deleting = RwSignal::new(false);
    let name = Signal::derive(move || detail.with(|detail| detail.group.name.clone()));
    let note = Signal::derive(move || detail.with(|detail| detail.group.description.clone()));
    let saved = Callback::new(move |_: Group| {
        group.refetch();
        editing.set(false);
    });
    view! {
        <PageHead title=name note>
            <Show when=move || org.may(Object::Group, Action::Update)>
                <button class="btn" on:click=move |_| editing.set(true)>
                    {tr!(common.edit)}
                </button>
            </Show>
            <Show when=move || org.may(Object::Group, Action::Delete)>
                <button class="btn danger" on:click=move |_| deleting.set(true)>
                    {tr!(common.delete)}
                </button>
            </Show>
        </PageHead>
        <GroupPeople detail group />
        <Gives detail />
        <Dialog open=editing title=tr!(groups.edit).to_owned()>
            <EditGroup group=Some(detail.with_untracked(|detail| detail.group.clone())) done=saved />
        </Dialog>
        <Delete detail open=deleting />
    }
}

/// Its roles in projects, and its sizes.
#[component]
fn Gives(detail: RwSignal<GroupDetail>) -> impl IntoView {
    let org = Org::expect();
    let nothing = move || detail.with(|detail| detail.projects.is_empty() && detail.tiers.is_empty());
    let tiers = move || {
        let names = detail.with(|detail| detail.tiers.clone());
        (!names.is_empty())
            .then(|| view! { <li class="muted">{tr!(groups.tiers, tiers = list::and(&names))}</li> })
    };
    view! {
        <section class="card">
            <header>
                <h2>{tr!(groups.gives)}</h2>
            </header>
            <Show when=nothing>
                <p class="in muted">{tr!(groups.gives_nothing)}</p>
            </Show>
            <ul class="lines">
                <For
                    each=move || detail.with(|detail| detail.projects.clone())
                    key=|p| (p.slug.clone(), p.name.clone(), held_name(p.role, p.custom_role.as_ref()))
                    let(project)
                >
                    <li class="row between wrap">
                        <a class="strong" href=org.at(&format!("/{}", project.slug))>
                            {project.name}
                        </a>
                        <span class="muted">{held_name(project.role, project.custom_role.as_ref())}</span>
                    </li>
                </For>
                {tiers}
            </ul>
        </section>
    }
}

#[component]
fn Delete(detail: RwSignal<GroupDetail>, open: RwSignal<bool>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let navigate = StoredValue::new_local(use_navigate());
    let name = Signal::derive(move || detail.with(|detail| detail.group.name.clone()));
    // What is lost, in figures.
    let text = Signal::derive(move || {
        let (people, projects) = detail.with(|detail| (detail.group.people, detail.group.projects));
        let people = tr!(groups.people_count, count = people);
        let projects = tr!(groups.projects_count, count = projects);
        tr!(groups.delete_text, people = people, projects = projects)
    });
    let delete = Callback::new(move |()| {
        let Group { id, name, version, .. } = detail.with_untracked(|detail| detail.group.clone());
        let call = calls::group_delete(&org.slug(), &id, &name).unless_changed(version);
        sending.send(call, move |()| {
            toasts.done(tr!(groups.deleted, name = name));
            let list = org.at("/admin/groups");
            navigate.with_value(|navigate| navigate(&list, Default::default()));
        });
    });
    view! {
        <Confirm
            open
            title=Signal::derive(move || tr!(groups.delete_title, name = name.get()))
            text
            action=tr!(common.delete).to_owned()
            word=name
            sending
            on_confirm=delete
        />
    }
}
