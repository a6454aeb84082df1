//! The button that sends a form.

use crate::data::Sending;
use leptos::prelude::*;

/// Disabled and busy while its form is on the way.
#[component]
pub(crate) fn Submit(
    #[prop(into)] label: Signal<String>,
    sending: Sending,
    #[prop(optional)] danger: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let busy = sending.busy();
    view! {
        <button
            type="submit"
            class=if danger { "btn danger solid" } else { "btn primary" }
            disabled=move || busy.get() || disabled.get()
            aria-busy=move || busy.get().then_some("true")
        >
            {label}
        </button>
    }
}
