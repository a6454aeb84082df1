//! How much a project may store.

use crate::components::focus;
use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::size;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::storage::{ProjectStorage, SetStorageQuota, StorageReport};
use leptos::prelude::*;

#[component]
pub(super) fn SetQuota(
    project: ProjectStorage,
    open: RwSignal<bool>,
    fetched: Fetched<StorageReport>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let slug = StoredValue::new(project.slug.unwrap_or_default());
    let value = RwSignal::new(project.quota_bytes.map(size::as_gigabytes).unwrap_or_default());
    let wrong = RwSignal::new(None::<String>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = value.get_untracked();
        let bytes = match text.trim() {
            "" => None,
            text => match size::of_gigabytes(text) {
                Some(bytes) => Some(bytes),
                None => {
                    wrong.set(Some(tr!(common.no_amount).to_owned()));
                    focus::first_invalid(&event);
                    return;
                }
            },
        };
        wrong.set(None);
        let call = calls::storage_quota_set(&org.slug(), &slug.get_value(), &SetStorageQuota { bytes });
        sending.send(call, move |_: ProjectStorage| {
            toasts.done(tr!(common.saved));
            fetched.refetch();
            open.set(false);
        });
    };
    let said = sending.problem("bytes");
    view! {
        <form class="stack" on:submit=submit>
            <p class="muted">{tr!(storage.stores_now, size = size::bytes(project.stored_bytes))}</p>
            <TextField
                label=tr!(storage.quota_in_gb)
                value
                hint=tr!(storage.quota_hint)
                problem=Signal::derive(move || wrong.get().or_else(|| said.get()))
                inputmode="decimal"
                autofocus=true
            />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}
