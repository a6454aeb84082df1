//! How much of a limit is used.

use leptos::prelude::*;

/// `percent` of 0 to 100. Warns from 80, alarms from 100.
#[component]
pub(crate) fn Gauge(
    #[prop(into)] percent: Signal<i64>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let class = move || match percent.get() {
        100.. => "gauge bad",
        80.. => "gauge wait",
        _ => "gauge",
    };
    view! {
        <div
            class=class
            role="meter"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || percent.get().to_string()
        >
            <i style:width=move || format!("{}%", percent.get().clamp(0, 100))></i>
        </div>
    }
}
