//! Yes or no.

use super::unique;
use leptos::prelude::*;

#[component]
pub(crate) fn CheckField(
    #[prop(into)] label: String,
    value: RwSignal<bool>,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let id = unique("field");
    let hint_id = format!("{id}-hint");
    view! {
        <div class="check">
            <input id=id.clone() type="checkbox" bind:checked=value aria-describedby=hint_id.clone() />
            <div>
                <label for=id>{label}</label>
                {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            </div>
        </div>
    }
}
