//! One session: its start step by step, its log, its use, its cost.

use super::data::SessionDataCard;
use super::facts::Facts;
use super::log::Log;
use super::saving::Saving;
use super::steps::Steps;
use crate::components::session::{
    DiskWarningView, IdleWarning, MemoryNotice, SessionActions, StateChip, failure_sentence,
};
use crate::components::{Empty, Loaded, PageHead};
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::role::Action;
use atelier_api::session::{Failure, Session};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub(crate) fn SessionPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("session").unwrap_or_default());
    move || view! { <OneSession id=id.get() /> }
}

#[component]
fn OneSession(id: String) -> impl IntoView {
    let project = Proj::expect();
    let org = project.org;
    let id = StoredValue::new(id);
    let gone = RwSignal::new(false);
    let fetched = Fetched::new(move || calls::session_get(&org.slug(), &project.slug(), &id.get_value()))
        .stale_on(org.live, |_| false);
    org.live.on(move |event| match event {
        Event::Session { session } if session.id == id.get_value() => {
            fetched.set((**session).clone());
        }
        Event::SessionDeleted { id: deleted, .. } if *deleted == id.get_value() => gone.set(true),
        _ => {}
    });
    view! {
        <Show
            when=move || !gone.get()
            fallback=move || {
                view! {
                    <div class="card">
                        <Empty title=tr!(sessions.deleted) text=tr!(sessions.deleted_text)>
                            <a class="btn" href=project.at("/sessions")>{tr!(overview.all_sessions)}</a>
                        </Empty>
                    </div>
                }
            }
        >
            <Loaded of=fetched whole=true let:session>
                <Shown session=Memo::new(move |_| session.get()) />
            </Loaded>
        </Show>
    }
}

#[component]
fn Shown(session: Memo<Session>) -> impl IntoView {
    let project = Proj::expect();
    let may = Callback::new(move |action: Action| session.with(|s| project.may_with(s, action)));
    let failure = move || {
        session.with(|s| {
            // The notice says more of memory than the failure does; of anything else it says nothing.
            let is_told = |failure: &&Failure| s.notice.is_some() && failure.code == "out-of-memory";
            s.failure.as_ref().filter(|failure| !is_told(failure)).map(failure_sentence)
        })
    };
    let may_start = Signal::derive(move || may.run(Action::Start));
    view! {
        <PageHead title=Signal::derive(move || session.with(|s| s.name.clone()))>
            <StateChip session />
            <SessionActions session may />
        </PageHead>
        <div role="alert">
            {move || failure().map(|text| view! { <p class="notice bad">{text}</p> })}
        </div>
        <MemoryNotice session may_start />
        <DiskWarningView session />
        <IdleWarning session may_extend=Signal::derive(move || may.run(Action::Open)) />
        <section class="grid">
            <div class="c7 stack">
                <Steps session />
                <Log session />
            </div>
            <div class="c5 stack">
                <SessionDataCard session may_start />
                <Saving session />
                <Facts session />
            </div>
        </section>
    }
}
