//! A line without axes: how a figure went lately.

use leptos::prelude::*;
use std::fmt::Write;

const WIDTH: f64 = 116.0;
const HEIGHT: f64 = 36.0;

/// Points of time and value; the line spans `window` milliseconds up to the last, values go from 0 to `top`.
#[component]
pub(crate) fn Sparkline(
    #[prop(into)] points: Signal<Vec<(i64, i64)>>,
    window: i64,
    top: i64,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let height = move |value: i64| (HEIGHT - 4.0) * (1.0 - (value as f64 / top.max(1) as f64).min(1.0)) + 2.0;
    let line = move || {
        points.with(|points| {
            let last = points.last().map_or(0, |(at, _)| *at);
            let mut line = String::new();
            for (at, value) in points {
                let x = WIDTH * (1.0 - (last - at) as f64 / window as f64);
                let y = height(*value);
                // Writing to a string cannot fail.
                let _ = write!(line, "{x:.1},{y:.1} ");
            }
            line
        })
    };
    view! {
        <svg class="sparkline" width="120" height="36" viewBox="0 0 120 36" role="img" aria-label=label>
            <line x1="0" x2="120" y1="35.5" y2="35.5" stroke="var(--line)" />
            <polyline
                fill="none"
                stroke="var(--pigment)"
                stroke-width="1.5"
                stroke-linejoin="round"
                points=line
            />
            {move || {
                points
                    .with(|points| points.last().map(|(_, value)| height(*value)))
                    .map(|y| view! { <circle cx=WIDTH cy=y r="2.5" fill="var(--pigment)" /> })
            }}
        </svg>
    }
}
