//! What is done with a version that nobody needs.

use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::call::Call;
use atelier_api::data::DataVersion;
use leptos::prelude::*;

/// Puts a version into the trash, or takes it out.
#[component]
pub(crate) fn Trash(
    number: i64,
    is_trashed: bool,
    /// What says whether it is to be in the trash.
    call: Callback<bool, Call<DataVersion>>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let act = move |_| {
        sending.act(call.run(!is_trashed), toasts, move |_| {
            if is_trashed {
                toasts.done(tr!(data.version_recovered, number = number));
            } else {
                toasts.undoable(tr!(data.version_deleted, number = number), call.run(false));
            }
        });
    };
    let (text, label) = match is_trashed {
        true => (tr!(data.recover), tr!(data.recover_version, number = number)),
        false => (tr!(common.delete), tr!(data.delete_version, number = number)),
    };
    view! {
        <button
            class="btn quiet small"
            class:danger=!is_trashed
            aria-label=label
            aria-disabled=move || sending.busy().get().then_some("true")
            on:click=act
        >
            {text}
        </button>
    }
}
