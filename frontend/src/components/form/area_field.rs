//! Several lines of text.

use super::field::{Field, described_by, invalid};
use super::unique;
use leptos::prelude::*;

#[component]
pub(crate) fn AreaField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] problem: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let id = unique("field");
    let described_by = described_by(&id);
    view! {
        <Field id=id.clone() label hint problem>
            <textarea
                id=id
                class="input"
                rows="3"
                maxlength="2000"
                bind:value=value
                aria-describedby=described_by
                aria-invalid=move || invalid(problem).get().then_some("true")
            ></textarea>
        </Field>
    }
}
