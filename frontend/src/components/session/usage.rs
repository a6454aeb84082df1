//! CPU, memory and disk of a running session, live.

use crate::components::Gauge;
use crate::components::charts::Sparkline;
use crate::format::size;
use crate::text::tr;
use atelier_api::session::Session;
use leptos::prelude::*;

/// The line shows the last ten minutes: the server's averages, then what this page heard.
const WINDOW: i64 = 600_000;
const AVERAGED: i64 = 30_000;

#[component]
pub(crate) fn UsageView(session: Memo<Session>) -> impl IntoView {
    let points = RwSignal::new(Vec::<(i64, i64)>::new());
    Effect::new(move |_| {
        if let Some(usage) = session.with(|s| s.usage.clone()) {
            points.update(|points| {
                if points.is_empty() {
                    let before = (1..).map(|count| usage.at - count * AVERAGED);
                    points.extend(before.zip(usage.cpu_recent.iter().rev().copied()));
                    points.reverse();
                }
                if points.last().is_none_or(|(at, _)| *at < usage.at) {
                    points.push((usage.at, usage.cpu_milli));
                }
                points.retain(|(at, _)| usage.at - at <= WINDOW);
            });
        }
    });
    let usage = move || session.with(|s| s.usage.clone());
    let cpu = move || {
        let used = usage().map_or(0, |usage| usage.cpu_milli);
        tr!(sessions.cpu_used, used = size::cpu(used), limit = size::cpu(session.with(|s| s.cpu_milli)))
    };
    let memory = move || {
        let used = usage().map_or(0, |usage| usage.memory_bytes);
        tr!(
            sessions.memory_used,
            used = size::memory(used),
            limit = size::memory(session.with(|s| s.memory_bytes))
        )
    };
    let disk = move || {
        let disk = usage()?.disk?;
        let used = size::memory(disk.used_bytes);
        Some(match disk.limit_bytes {
            Some(limit) => tr!(sessions.disk_used, used = used, limit = size::memory(limit)),
            None => tr!(sessions.disk_used_unlimited, used = used),
        })
    };
    let share = move || {
        session.with(|s| size::percent_of(s.usage.as_ref().map_or(0, |u| u.memory_bytes), s.memory_bytes))
    };
    view! {
        <Show when=move || usage().is_some()>
            <div class="usage">
                <Sparkline
                    points
                    window=WINDOW
                    top=session.with_untracked(|s| s.cpu_milli)
                    label=Signal::derive(move || tr!(sessions.cpu_chart, now = cpu()))
                />
                <div class="small faint">{cpu}</div>
                <Gauge percent=Signal::derive(share) label=tr!(sessions.memory).to_owned() />
                <div class="small faint">{memory}</div>
                <div class="small faint">{disk}</div>
            </div>
        </Show>
    }
}
