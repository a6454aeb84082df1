//! Narrows a list while one types.

use super::unique;
use leptos::prelude::*;
use std::time::Duration;

/// How long after the last key a search begins.
const PAUSE: Duration = Duration::from_millis(250);

/// Sets `search` when typing pauses. The label is for screen readers and shown as the placeholder.
#[component]
pub(crate) fn SearchField(
    #[prop(into)] label: String,
    search: RwSignal<String>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let id = unique("search");
    let settle = leptos::leptos_dom::helpers::debounce(PAUSE, move |text: String| {
        search.try_set(text);
    });
    let settle = StoredValue::new_local(settle);
    view! {
        <label class="sr-only" for=id.clone()>{label.clone()}</label>
        <input
            id=id
            class="input search"
            type="search"
            placeholder=label
            maxlength="80"
            prop:value=move || search.get()
            autofocus=autofocus
            on:input=move |event| {
                settle.update_value(|settle| settle(event_target_value(&event)));
            }
        />
    }
}
