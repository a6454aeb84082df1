//! One line of text.

use super::field::{Field, described_by, invalid};
use super::unique;
use leptos::prelude::*;

#[component]
pub(crate) fn TextField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] problem: Option<Signal<Option<String>>>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] minlength: Option<&'static str>,
    #[prop(default = "254")] maxlength: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let id = unique("field");
    let described_by = described_by(&id);
    view! {
        <Field id=id.clone() label hint problem>
            <input
                id=id
                class="input"
                type=kind
                bind:value=value
                required=required
                autofocus=autofocus
                autocomplete=autocomplete
                inputmode=inputmode
                minlength=minlength
                maxlength=maxlength
                spellcheck="false"
                aria-describedby=described_by
                aria-invalid=move || invalid(problem).get().then_some("true")
            />
        </Field>
    }
}
