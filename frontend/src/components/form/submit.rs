//! The button that sends a form.

use crate::data::Sending;
use leptos::prelude::*;

/// Busy while its form is on the way: it does nothing then, but keeps the focus, as a disabled one would not.
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
            disabled=disabled
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
        >
            {label}
        </button>
    }
}
