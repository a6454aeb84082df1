//! All sessions that one may see: those that run, then the others.

use crate::components::form::SearchField;
use crate::components::session::{SessionList, is_up, live_sessions};
use crate::components::{Empty, Loaded, PageHead};
use crate::contexts::project::Proj;
use crate::data::in_address;
use crate::pages::project::frame::ArchivedNotice;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::role::{Action, Object};
use atelier_api::session::Session;
use leptos::prelude::*;

/// With fewer, one sees all at a glance.
const MANY: usize = 5;

#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let project = Proj::expect();
    let slug = project.slug();
    let sessions = live_sessions(
        project.org,
        move || calls::session_list(&project.org.slug(), &project.slug()),
        move |session| session.project == slug,
    );
    let search = in_address("q");
    let many = move || sessions.get().is_some_and(|all| all.len() > MANY);
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
            <Show when=many>
                <SearchField label=tr!(sessions.search) search />
            </Show>
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
                <Part sessions search up=true />
                <Part sessions search up=false />
                <Show when=move || !sessions.with(|all| all.iter().any(|session| fits(session, &search.get())))>
                    <div class="card">
                        <Empty title=tr!(sessions.not_found) text=tr!(sessions.not_found_text) />
                    </div>
                </Show>
            </Show>
        </Loaded>
    }
}

/// Every word that was typed must be in what the list shows of the session.
fn fits(session: &Session, typed: &str) -> bool {
    let Session { name, owner_name, environment_name, tier_name, .. } = session;
    let text = format!("{name} {owner_name} {environment_name} {tier_name}").to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[component]
fn Part(sessions: RwSignal<Vec<Session>>, search: RwSignal<String>, up: bool) -> impl IntoView {
    let part = Signal::derive(move || -> Vec<Session> {
        let typed = search.get();
        sessions.with(|all| all.iter().filter(|s| is_up(s) == up && fits(s, &typed)).cloned().collect())
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
