//! The state of a session, and since when.

use crate::contexts::clock::Clock;
use crate::format::time;
use crate::text::tr;
use atelier_api::session::{Session, SessionState};
use leptos::prelude::*;

#[component]
pub(crate) fn StateChip(session: Memo<Session>) -> impl IntoView {
    let clock = Clock::expect();
    let class = move || match session.with(|s| s.state) {
        SessionState::Running => "chip ok",
        SessionState::Starting | SessionState::Stopping | SessionState::Unknown => "chip wait",
        SessionState::Failed => "chip bad",
        SessionState::Stopped => "chip",
    };
    let text = Memo::new(move |_| {
        let now = clock.now();
        session.with(|s| match s.state {
            SessionState::Running => {
                tr!(sessions.running_for, time = time::duration(now - s.started_at.unwrap_or(now)))
            }
            SessionState::Starting => {
                tr!(sessions.starting_for, time = time::duration(now - s.wanted_at))
            }
            SessionState::Stopping => tr!(sessions.stopping).to_owned(),
            SessionState::Unknown => tr!(sessions.unknown).to_owned(),
            SessionState::Failed => tr!(sessions.failed).to_owned(),
            SessionState::Stopped => match s.ended_at {
                Some(at) => tr!(sessions.stopped_ago, ago = time::ago(at, now)),
                None => tr!(sessions.stopped).to_owned(),
            },
        })
    });
    view! { <span class=class><i></i>{text}</span> }
}
