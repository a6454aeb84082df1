//! Brings an older version back as the newest one.

use crate::components::Dialog;
use crate::components::form::{AreaField, FormFailure, Submit};
use crate::contexts::dataset::{Ds, call};
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::data::RestoreDataVersion;
use leptos::prelude::*;

#[component]
pub(super) fn Restore(number: i64) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button
            class="btn quiet small"
            aria-label=tr!(data.restore_number, number = number)
            on:click=move |_| open.set(true)
        >
            {tr!(data.restore)}
        </button>
        <Dialog open title=tr!(data.restore_title, number = number)>
            <RestoreForm number open />
        </Dialog>
    }
}

#[component]
fn RestoreForm(number: i64, open: RwSignal<bool>) -> impl IntoView {
    let dataset = Ds::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let message = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = RestoreDataVersion { message: message.get_untracked() };
        let call = call!(dataset, version_restore(&number.to_string(), &body));
        sending.send(call, move |made| {
            open.try_set(false);
            toasts.done(tr!(data.restored, number = number, made = made.number));
            dataset.fetched.refetch();
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{tr!(data.restore_text, number = number)}</p>
            <AreaField label=tr!(uploads.message) value=message problem=sending.problem("message") />
            <FormFailure sending />
            <div class="row end">
                <button type="button" class="btn" on:click=move |_| open.set(false)>
                    {tr!(common.cancel)}
                </button>
                <Submit label=tr!(data.restore).to_owned() sending />
            </div>
        </form>
    }
}
