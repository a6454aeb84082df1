//! The environments: whether their image is here, building it, and the log.

use crate::components::{BuildLogView, Empty, Loaded, PageHead};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::{size, time};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::environment::{Environment, EnvironmentState};
use atelier_api::event::Event;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn Environments() -> impl IntoView {
    let org = Org::expect();
    let environments = Fetched::new(move || calls::environment_list(&org.slug()))
        .stale_on(org.live, |event| matches!(event, Event::EnvironmentChanged { .. }));
    view! {
        <PageHead title=tr!(environments.title).to_owned() note=tr!(environments.note).to_owned() />
        <Loaded of=environments let:list>
            <Show
                when=move || list.with(|list| !list.is_empty())
                fallback=|| {
                    view! {
                        <div class="card">
                            <Empty title=tr!(environments.none) text=tr!(environments.none_text) />
                        </div>
                    }
                }
            >
                <For each=move || list.get() key=|environment| environment.id.clone() let(first)>
                    <EnvironmentCard list first environments />
                </For>
            </Show>
        </Loaded>
    }
}

#[component]
fn EnvironmentCard(
    list: RwSignal<Vec<Environment>>,
    first: Environment,
    environments: Fetched<Vec<Environment>>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let log_open = RwSignal::new(false);
    let id = StoredValue::new(first.id.clone());
    let this = Memo::new(move |before: Option<&Environment>| {
        let now = list.with(|list| list.iter().find(|e| id.with_value(|id| e.id == *id)).cloned());
        now.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    });
    let state = Memo::new(move |_| this.with(|e| e.state));
    let build = move |_| {
        let call = calls::environment_build(&org.slug(), &id.get_value());
        sending.act(call, toasts, move |_: Environment| {
            log_open.set(true);
            environments.refetch();
        });
    };
    let cancel = move |_| {
        let call = calls::environment_cancel(&org.slug(), &id.get_value());
        sending.act(call, toasts, move |_: Environment| environments.refetch());
    };
    let chip = move || match state.get() {
        EnvironmentState::Ready => ("chip ok", tr!(environments.ready)),
        EnvironmentState::Building => ("chip wait", tr!(environments.building)),
        EnvironmentState::Absent => ("chip", tr!(environments.absent)),
        EnvironmentState::Failed => ("chip bad", tr!(environments.failed)),
        EnvironmentState::Cancelled => ("chip", tr!(environments.cancelled)),
    };
    let facts = move || {
        this.with(|e| {
            let mut facts = vec![tr!(environments.revision, n = e.revision)];
            facts.extend(e.built_at.map(|at| tr!(environments.built, at = time::moment(at))));
            facts.extend(e.size_bytes.map(size::memory));
            facts.extend(e.tools.iter().map(|tool| tool.name.clone()));
            facts.join(" · ")
        })
    };
    let label = move || match state.get() {
        EnvironmentState::Ready => tr!(environments.rebuild),
        EnvironmentState::Failed => tr!(common.try_again),
        _ => tr!(environments.build),
    };
    let may_build = move || org.may(Object::Environment, Action::Build);
    let is_building = move || state.get() == EnvironmentState::Building;
    let said = move || match state.get() {
        EnvironmentState::Failed => Some(("notice bad", tr!(environments.failed_why).to_owned())),
        EnvironmentState::Cancelled => Some(("notice", this.with(cancelled_by))),
        _ => None,
    };
    // What Docker or the server said of it is English, as the log is.
    let why = move || {
        let failure = this.with(|e| e.failure.clone()).filter(|_| state.get() == EnvironmentState::Failed);
        failure.map(|why| view! { <p class="mono pre-line" lang="en">{why}</p> })
    };
    let with_log = move || log_open.get() || is_building();
    view! {
        <section class="card">
            <header>
                <div class="row wrap">
                    <h2>{move || this.with(|e| e.name.clone())}</h2>
                    <span class=move || chip().0>
                        <i></i>
                        {move || chip().1}
                    </span>
                </div>
                <div class="row">
                    <Show when=move || !with_log() && state.get() != EnvironmentState::Absent>
                        <button class="btn quiet" on:click=move |_| log_open.set(true)>
                            {tr!(environments.log)}
                        </button>
                    </Show>
                    <Show when=move || may_build() && is_building()>
                        <button class="btn" aria-disabled=move || sending.busy().get().then_some("true") on:click=cancel>
                            {tr!(environments.cancel)}
                        </button>
                    </Show>
                    <Show when=move || may_build() && !is_building()>
                        <button class="btn" aria-disabled=move || sending.busy().get().then_some("true") on:click=build>
                            {label}
                        </button>
                    </Show>
                </div>
            </header>
            <div class="in stack">
                <p>{move || this.with(|e| e.description.clone())}</p>
                <p class="muted small">{facts}</p>
                {move || {
                    said()
                        .map(|(class, text)| {
                            view! {
                                <div class=class role="status">
                                    <p>{text}</p>
                                    {why}
                                </div>
                            }
                        })
                }}
                <Show when=with_log>
                    <BuildLogView environment=id.get_value() />
                </Show>
            </div>
        </section>
    }
}

/// Who broke the last build off, as far as one may know.
pub(crate) fn cancelled_by(environment: &Environment) -> String {
    match &environment.cancelled_by {
        Some(name) => tr!(environments.cancelled_by, name = name.clone()),
        None => tr!(environments.cancelled_elsewhere).to_owned(),
    }
}
