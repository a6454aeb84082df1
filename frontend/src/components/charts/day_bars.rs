//! What each day of a month cost, as bars. Screen readers get the same as a table.

use crate::format::{money, time};
use crate::text::tr;
use atelier_api::billing::DaySpend;
use leptos::prelude::*;

const BAR: f64 = 14.0;
const GAP: f64 = 3.5;
const HEIGHT: f64 = 120.0;
/// Room for the labels, which do not shrink with the chart.
const LABELS: f64 = 28.0;

#[component]
pub(crate) fn DayBars(
    #[prop(into)] days: Signal<Vec<DaySpend>>,
    #[prop(into)] currency: Signal<String>,
) -> impl IntoView {
    let top = move || days.with(|days| days.iter().map(|day| day.total.0).max().unwrap_or(0)).max(1);
    // A month's width, so that bars do not grow fat on the second of it.
    let width = move || days.with(Vec::len).max(31) as f64 * (BAR + GAP);
    let bars = move || {
        let (days, top, currency) = (days.get(), top(), currency.get());
        days.into_iter()
            .enumerate()
            .map(|(index, day)| {
                let height = HEIGHT * day.total.0 as f64 / top as f64;
                let x = index as f64 * (BAR + GAP);
                let label = time::bill_day(day.day);
                let number = (index % 5 == 0).then(|| label.clone());
                let text = format!("{label}: {}", money::money(day.total, &currency));
                view! {
                    <g>
                        <title>{text}</title>
                        // The whole column answers the pointer, not only a low bar.
                        <rect x=x y="0" width=BAR height=HEIGHT fill="transparent" />
                        <rect class="bar" x=x y=HEIGHT - height width=BAR height=height rx="3" />
                        <text x=x y=HEIGHT + 5.0 dominant-baseline="hanging">{number}</text>
                    </g>
                }
            })
            .collect_view()
    };
    let rows = move || {
        let currency = currency.get();
        days.get()
            .into_iter()
            .map(|day| {
                let total = money::money(day.total, &currency);
                view! { <tr><th scope="row">{time::bill_day(day.day)}</th><td>{total}</td></tr> }
            })
            .collect_view()
    };
    view! {
        <div class="chart">
            <p class="faint small">
                {move || tr!(cost.highest_day, amount = money::money(
                    atelier_api::money::Micros(if top() == 1 { 0 } else { top() }),
                    &currency.get(),
                ))}
            </p>
            <svg viewBox=move || format!("0 0 {} {}", width(), HEIGHT + LABELS) aria-hidden="true">
                {bars}
                <line x1="0" x2=width y1=HEIGHT + 0.5 y2=HEIGHT + 0.5 stroke="var(--line-strong)" />
            </svg>
            <div class="sr-only">
                <table>
                    <caption>{tr!(cost.by_day)}</caption>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
}
