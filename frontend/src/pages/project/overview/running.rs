//! What runs now.

use crate::components::session::{SessionList, is_up};
use crate::components::{Empty, Loaded};
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::text::tr;
use atelier_api::role::{Action, Object};
use atelier_api::session::Session;
use leptos::prelude::*;

#[component]
pub(crate) fn Running(sessions: Fetched<Vec<Session>>) -> impl IntoView {
    let project = Proj::expect();
    let may_start = move || project.may_own(Object::Session, Action::Create) && !project.archived();
    view! {
        <div class="card">
            <header>
                <h2>{tr!(overview.running)}</h2>
                <a class="muted" href=project.at("/sessions")>{tr!(overview.all_sessions)}</a>
            </header>
            <Loaded of=sessions let:sessions>
                <Show
                    when=move || sessions.with(|all| all.iter().any(is_up))
                    fallback=move || {
                        view! {
                            <Empty title=tr!(overview.nothing_runs) text=tr!(overview.nothing_runs_text)>
                                {move || may_start()
                                    .then(|| {
                                        view! {
                                            <a class="btn" href=project.at("/sessions/new")>
                                                {tr!(sessions.start_one)}
                                            </a>
                                        }
                                    })}
                            </Empty>
                        }
                    }
                >
                    <SessionList sessions=Signal::derive(move || {
                        sessions.with(|all| all.iter().filter(|s| is_up(s)).cloned().collect())
                    }) />
                </Show>
            </Loaded>
        </div>
    }
}
