//! "Stops in 4 min": with one click it goes on.

use crate::contexts::clock::Clock;
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::format::time;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::session::{Session, SessionState};
use leptos::prelude::*;

#[component]
pub(crate) fn IdleWarning(session: Memo<Session>, may_extend: Signal<bool>) -> impl IntoView {
    let org = Org::expect();
    let clock = Clock::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let stops_at = move || {
        session.with(|s| {
            let idle = s.idle.as_ref().filter(|idle| idle.warned)?;
            idle.stops_at.filter(|_| s.state == SessionState::Running)
        })
    };
    let text = move || {
        let left = stops_at().unwrap_or_default() - clock.now();
        tr!(sessions.idle_warning, time = time::duration(left))
    };
    let extend = move |_| {
        let (project, id) = session.with_untracked(|s| (s.project.clone(), s.id.clone()));
        sending.act(calls::session_extend(&org.slug(), &project, &id), toasts, move |_| {
            toasts.done(tr!(sessions.extended));
        });
    };
    view! {
        <Show when=move || stops_at().is_some()>
            <div class="notice wait row between wrap" role="status">
                <span>{text}</span>
                <Show when=move || may_extend.get()>
                    <button class="btn" aria-disabled=move || sending.busy().get().then_some("true") on:click=extend>
                        {tr!(sessions.keep)}
                    </button>
                </Show>
            </div>
        </Show>
    }
}
