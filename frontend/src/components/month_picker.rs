//! Which month of the bill.

use super::form::unique;
use crate::format::time;
use crate::text::tr;
use leptos::prelude::*;

/// Twelve months back.
const MONTHS: u32 = 12;

/// Empty means the current month.
#[component]
pub(crate) fn MonthPicker(month: RwSignal<String>) -> impl IntoView {
    let id = unique("month");
    let options = time::last_months(MONTHS)
        .into_iter()
        .enumerate()
        .map(|(index, word)| {
            let text = time::month(&word);
            let value = if index == 0 { String::new() } else { word };
            let chosen = value.clone();
            view! { <option value=value prop:selected=move || month.get() == chosen>{text}</option> }
        })
        .collect_view();
    view! {
        <label class="sr-only" for=id.clone()>{tr!(cost.month)}</label>
        <select id=id class="input" on:change=move |event| month.set(event_target_value(&event))>
            {options}
        </select>
    }
}
