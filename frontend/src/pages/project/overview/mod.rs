//! The project at a glance: what runs, what it costs, who is in it, what was lately.

mod latest;
mod month;
mod people;
mod running;

use super::frame::ArchivedNotice;
use crate::components::session::live_sessions;
use crate::components::{Empty, PageHead};
use crate::contexts::project::Proj;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::role::{Action, Object};
use latest::Latest;
use leptos::prelude::*;
use month::Month;
use people::People;
use running::Running;

#[component]
pub(crate) fn Overview() -> impl IntoView {
    let project = Proj::expect();
    let title = Signal::derive(move || project.name());
    let note = Signal::derive(move || project.info.with(|info| info.description.clone()));
    let may_start = move || project.may_own(Object::Session, Action::Create) && !project.archived();
    view! {
        <PageHead title note>
            <Show when=may_start>
                <a class="btn primary" href=project.at("/sessions/new")>
                    {tr!(sessions.start_one)}
                </a>
            </Show>
        </PageHead>
        <ArchivedNotice />
        <Show when=move || sees_nothing(project)>
            <div class="card">
                <Empty title=tr!(overview.nothing) text=tr!(overview.nothing_text) />
            </div>
        </Show>
        <section class="grid">
            <Show when=move || project.may_own(Object::Session, Action::Read)>
                <WithSessions />
            </Show>
            <div class="c4 stack">
                <Show when=move || project.info.with(|info| info.month.is_some())>
                    <Month />
                </Show>
                <Show when=move || project.may(Object::Member, Action::Read)>
                    <People />
                </Show>
            </div>
        </section>
    }
}

/// A client or consumer has nothing here until something is shared.
fn sees_nothing(project: Proj) -> bool {
    !project.may_own(Object::Session, Action::Read)
        && !project.may(Object::Member, Action::Read)
        && project.info.with(|info| info.month.is_none())
}

#[component]
fn WithSessions() -> impl IntoView {
    let project = Proj::expect();
    let slug = project.slug();
    let sessions = live_sessions(
        project.org,
        move || calls::session_list(&project.org.slug(), &project.slug()),
        move |session| session.project == slug,
    );
    view! {
        <div class="c8 stack">
            <Running sessions />
            <Latest sessions />
        </div>
    }
}
