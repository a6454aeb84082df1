//! All sessions that one may see: those that run, then the others.

use crate::components::session::{SessionList, is_up, live_sessions};
use crate::components::{Empty, Loaded, PageHead};
use crate::contexts::project::Proj;
use crate::pages::project::frame::ArchivedNotice;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::role::{Action, Object};
use atelier_api::session::Session;
use leptos::prelude::*;

#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let project = Proj::expect();
    let slug = project.slug();
    let sessions = live_sessions(
        project.org,
        move || calls::session_list(&project.org.slug(), &project.slug()),
        move |session| session.project == slug,
    );
    let may_start = move || project.may_own(Object::Session, Action::Create) && !project.archived();
    let start = move || {
        may_start().then(|| {
            view! {
                <a class="btn primary" href=project.at("/sessions/new")>{tr!(sessions.start_one)}</a>
            }
        })
    };
    view! {
        <PageHead title=tr!(sessions.title).to_owned() note=tr!(sessions.note).to_owned()>
            {start}
        </PageHead>
        <ArchivedNotice />
        <Loaded of=sessions let:sessions>
            <Show
                when=move || sessions.with(|all| !all.is_empty())
                fallback=move || {
                    view! {
                        <div class="card">
                            <Empty title=tr!(sessions.none) text=tr!(sessions.none_text)>{start}</Empty>
                        </div>
                    }
                }
            >
                <Part sessions up=true />
                <Part sessions up=false />
            </Show>
        </Loaded>
    }
}

#[component]
fn Part(sessions: RwSignal<Vec<Session>>, up: bool) -> impl IntoView {
    let part = Signal::derive(move || -> Vec<Session> {
        sessions.with(|all| all.iter().filter(|s| is_up(s) == up).cloned().collect())
    });
    view! {
        <Show when=move || part.with(|part| !part.is_empty())>
            <section class="card">
                <header>
                    <h2>{if up { tr!(sessions.part_up) } else { tr!(sessions.part_down) }}</h2>
                    <span class="faint">{move || part.with(Vec::len)}</span>
                </header>
                <SessionList sessions=part />
            </section>
        </Show>
    }
}
