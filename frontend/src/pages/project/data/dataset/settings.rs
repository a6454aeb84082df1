//! Name, description and labels, and the way to the trash.

use super::super::labels;
use crate::components::form::{AreaField, TextField};
use crate::components::{Confirm, NotYours, SettingsForm};
use crate::contexts::dataset::{Ds, Noun, call};
use crate::contexts::toasts::Toasts;
use crate::data::{Sending, Typed};
use crate::pages::project::settings::owners;
use crate::text::tr;
use atelier_api::artifact::UpdateArtifact;
use atelier_api::role::Action;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

#[component]
pub(crate) fn DatasetSettings() -> impl IntoView {
    let dataset = Ds::expect();
    view! {
        <Show when=move || dataset.may(Action::Update)>
            <Describe />
        </Show>
        <Show when=move || dataset.may(Action::Delete)>
            <Delete />
        </Show>
        <Show when=move || !dataset.may(Action::Update) && !dataset.may(Action::Delete)>
            <NotYours granted_by=owners() />
        </Show>
    }
}

#[component]
fn Describe() -> impl IntoView {
    let dataset = Ds::expect();
    let toasts = Toasts::expect();
    let before = dataset.info.get_untracked();
    let version = StoredValue::new(before.version);
    let name = Typed::over(before.name);
    let description = Typed::over(before.description);
    let words = Typed::over(labels::text(&before.labels));
    let sending = Sending::new();
    let save = Callback::new(move |()| {
        let body = UpdateArtifact {
            name: Some(name.value.get_untracked()),
            description: Some(description.value.get_untracked()),
            labels: Some(labels::typed(&words.value.get_untracked())),
        };
        let call = call!(dataset, update(&body));
        sending.send(call.unless_changed(version.get_value()), move |info| {
            version.set_value(info.version);
            dataset.fetched.set(info);
            toasts.done(tr!(common.saved));
        });
    });
    let renew = Callback::new(move |()| {
        sending.send(call!(dataset, get()), move |newer| {
            version.set_value(newer.version);
            name.renew(newer.name.clone());
            description.renew(newer.description.clone());
            words.renew(labels::text(&newer.labels));
            dataset.fetched.set(newer);
        });
    });
    view! {
        <SettingsForm title=dataset.noun.title() name sending save renew>
            <AreaField
                label=tr!(data.description)
                value=description.value
                hint=tr!(data.description_hint)
                problem=sending.problem("description")
            />
            <TextField
                label=tr!(data.labels)
                value=words.value
                hint=tr!(data.labels_hint)
                problem=sending.problem("labels")
                maxlength="900"
            />
            <p class="hint">{tr!(data.slug_stays, slug = dataset.slug())}</p>
        </SettingsForm>
    }
}

#[component]
fn Delete() -> impl IntoView {
    let dataset = Ds::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let open = RwSignal::new(false);
    let words = match dataset.noun {
        Noun::Dataset => tr!(data.delete),
        Noun::Model => tr!(models.delete),
    };
    let navigate = StoredValue::new_local(use_navigate());
    let delete = Callback::new(move |()| {
        let name = untrack(|| dataset.name());
        let recover = call!(dataset, recover());
        sending.send(call!(dataset, delete()), move |()| {
            toasts.undoable(tr!(data.was_deleted, name = name), recover);
            let list = dataset.project.at(dataset.noun.place());
            navigate.with_value(|navigate| navigate(&list, Default::default()));
        });
    });
    view! {
        <section class="card narrow">
            <header>
                <h2>{words}</h2>
            </header>
            <div class="in row between wrap">
                <p class="muted grow">{tr!(data.delete_text)}</p>
                <button class="btn danger" on:click=move |_| open.set(true)>
                    {words}
                </button>
            </div>
        </section>
        <Confirm
            open
            title=Signal::derive(move || tr!(data.delete_title, name = dataset.name()))
            text=tr!(data.delete_text).to_owned()
            action=words.to_owned()
            sending
            on_confirm=delete
        />
    }
}
