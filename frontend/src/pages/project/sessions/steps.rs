//! The steps of the current or last start, with their times.

use crate::components::BuildLogView;
use crate::contexts::clock::Clock;
use crate::format::time;
use crate::text::tr;
use atelier_api::session::{Session, SessionState, Step, StepName};
use leptos::prelude::*;

/// A step is slow enough for a log when it takes longer than this: then the image is being built.
const BUILDS: i64 = 3_000;

#[component]
pub(crate) fn Steps(session: Memo<Session>) -> impl IntoView {
    let clock = Clock::expect();
    let failed = Memo::new(move |_| session.with(|s| s.state == SessionState::Failed));
    let whole = move || {
        session.with(|s| {
            let last = match s.state {
                SessionState::Starting => Some(clock.now()),
                // The step that failed has no end of its own.
                _ if s.steps.iter().any(|step| step.ended_at.is_none()) => s.ended_at,
                _ => s.steps.iter().filter_map(|step| step.ended_at).max(),
            };
            last.map(|end| time::fine_duration(end - s.wanted_at))
        })
    };
    let building = Memo::new(move |_| {
        let now = clock.now();
        session.with(|s| {
            let starting = s.state == SessionState::Starting;
            let step = s.steps.iter().find(|step| step.name == StepName::Environment);
            step.is_some_and(|step| starting && step.ended_at.is_none() && now - step.started_at > BUILDS)
        })
    });
    let build_failed = Memo::new(move |_| {
        let failure = session.with(|s| s.failure.as_ref().map(|failure| failure.code.clone()));
        failure.is_some_and(|code| code.starts_with("environment-build-"))
    });
    let items = StepName::ALL.iter().map(|name| view! { <Line session name=*name failed /> }).collect_view();
    view! {
        <section class="card">
            <header>
                <h2>{tr!(sessions.start)}</h2>
                <span class="faint">{whole}</span>
            </header>
            <div class="in stack">
                <ol class="steps">{items}</ol>
                <Show when=move || building.get()>
                    <p class="muted">{tr!(sessions.builds)}</p>
                </Show>
                <Show when=move || building.get() || build_failed.get()>
                    <BuildLogView environment=session.with_untracked(|s| s.environment.clone()) />
                </Show>
            </div>
        </section>
    }
}

#[component]
fn Line(session: Memo<Session>, name: StepName, failed: Memo<bool>) -> impl IntoView {
    let clock = Clock::expect();
    let step = Memo::new(move |_| -> Option<Step> {
        session.with(|s| s.steps.iter().find(|step| step.name == name).cloned())
    });
    let class = move || match step.get() {
        Some(Step { ended_at: Some(_), .. }) => "done",
        Some(_) if failed.get() => "failed",
        Some(_) => "now",
        None => "",
    };
    let sign = move || match class() {
        "done" => "✓",
        "failed" => "✕",
        _ => "",
    };
    let spoken = move || match class() {
        "done" => tr!(sessions.step_done),
        "failed" => tr!(sessions.step_failed),
        "now" => tr!(sessions.step_now),
        _ => tr!(sessions.step_waits),
    };
    let text = move || match name {
        StepName::Admitted => tr!(sessions.step_admitted).to_owned(),
        StepName::Environment => tr!(sessions.step_environment).to_owned(),
        StepName::Data => tr!(sessions.step_data).to_owned(),
        StepName::Volumes => tr!(sessions.step_volumes).to_owned(),
        StepName::Container => tr!(sessions.step_container).to_owned(),
        StepName::Tool => tr!(sessions.step_tool).to_owned(),
    };
    let took = move || {
        let step = step.get()?;
        let end = match step.ended_at {
            Some(at) => at,
            None if failed.get() => session.with(|s| s.ended_at)?,
            None => clock.now(),
        };
        Some(time::fine_duration(end - step.started_at))
    };
    view! {
        <li class=class aria-current=move || (class() == "now").then_some("step")>
            <span class="dot" aria-hidden="true">{sign}</span>
            <span>{text} <span class="sr-only">{spoken}</span></span>
            <span class="faint num">{took}</span>
        </li>
    }
}
