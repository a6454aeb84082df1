//! Labels as one types and sees them.

use leptos::prelude::*;

/// `raw, 2026` as the labels that it lists.
pub(super) fn typed(text: &str) -> Vec<String> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

pub(super) fn text(labels: &[String]) -> String {
    labels.join(", ")
}

#[component]
pub(crate) fn Labels(labels: Vec<String>) -> impl IntoView {
    labels.into_iter().map(|label| view! { <span class="chip">{label}</span> }).collect_view()
}
