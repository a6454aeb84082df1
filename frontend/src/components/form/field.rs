//! Label, control, hint and problem, tied together for everyone's tools.

use leptos::prelude::*;

/// The control inside carries `id`, and describes itself by `{id}-hint` and `{id}-problem`.
#[component]
pub(crate) fn Field(
    id: String,
    #[prop(into)] label: String,
    #[prop(optional_no_strip)] hint: Option<String>,
    #[prop(optional_no_strip)] problem: Option<Signal<Option<String>>>,
    children: Children,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let problem_id = format!("{id}-problem");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {children()}
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <p class="problem" id=problem_id aria-live="polite">
                {move || problem.and_then(|problem| problem.get())}
            </p>
        </div>
    }
}

/// Whether the problem of a field is there, for `aria-invalid`.
pub(super) fn invalid(problem: Option<Signal<Option<String>>>) -> Signal<bool> {
    Signal::derive(move || problem.is_some_and(|problem| problem.with(Option::is_some)))
}

/// The value of `aria-describedby`.
pub(super) fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-problem")
}
