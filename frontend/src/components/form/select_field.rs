//! One of several.

use super::field::{Field, described_by, invalid};
use super::unique;
use leptos::prelude::*;

/// `options` are pairs of value and text.
#[component]
pub(crate) fn SelectField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    options: Vec<(String, String)>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] problem: Option<Signal<Option<String>>>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let id = unique("field");
    let described_by = described_by(&id);
    let options = options
        .into_iter()
        .map(|(word, text)| {
            let chosen = word.clone();
            view! { <option value=word prop:selected=move || value.get() == chosen>{text}</option> }
        })
        .collect_view();
    view! {
        <Field id=id.clone() label hint problem>
            <select
                id=id
                class="input"
                autofocus=autofocus
                aria-describedby=described_by
                aria-invalid=move || invalid(problem).get().then_some("true")
                on:change=move |event| value.set(event_target_value(&event))
            >
                {options}
            </select>
        </Field>
    }
}
