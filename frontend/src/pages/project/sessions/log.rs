//! The last lines that the container wrote: fetched again when something happens during a start.

use crate::components::{Loaded, LogView};
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::session::{Session, SessionState, StepName};
use leptos::prelude::*;

#[component]
pub(crate) fn Log(session: Memo<Session>) -> impl IntoView {
    let project = Proj::expect();
    // What a start's log depends on. While the session runs, only the button fetches it.
    let moment = Memo::new(move |_| {
        session.with(|s| {
            let starting = matches!(s.state, SessionState::Starting | SessionState::Failed);
            (s.generation, s.state, starting.then(|| s.steps.clone()))
        })
    });
    let log = Fetched::new(move || {
        // Read, not only tracked: a memo that nobody reads never hears of a change.
        moment.with(|_| ());
        let id = session.with_untracked(|s| s.id.clone());
        calls::session_log(&project.org.slug(), &project.slug(), &id)
    });
    // Without a container there is nothing to be said of its log.
    let has_container = move || session.with(|s| s.steps.iter().any(|step| step.name == StepName::Container));
    view! {
        <section class="card" hidden=move || !has_container()>
            <header>
                <h2>{tr!(sessions.log)}</h2>
                <button class="btn quiet small" on:click=move |_| log.refetch()>
                    {tr!(sessions.log_again)}
                </button>
            </header>
            <div class="in">
                <Loaded of=log let:log>
                    <Show
                        when=move || log.with(|log| !log.lines.is_empty())
                        fallback=|| view! { <p class="faint">{tr!(sessions.no_log)}</p> }
                    >
                        <LogView
                            lines=Signal::derive(move || log.with(|log| log.lines.clone()))
                            label=tr!(sessions.log)
                        />
                    </Show>
                </Loaded>
            </div>
        </section>
    }
}
