//! What a session cost so far, growing while it runs, and its rate.

use crate::contexts::clock::Clock;
use crate::contexts::organization::Org;
use crate::format::time::now;
use crate::text::tr;
use atelier_api::session::{Session, SessionState};
use leptos::prelude::*;

#[component]
pub(crate) fn SessionCost(session: Memo<Session>) -> impl IntoView {
    let org = Org::expect();
    let clock = Clock::expect();
    // Reckoned from when this page heard it, so that the server's clock does not matter.
    let heard_at = Memo::new(move |_| {
        session.track();
        now()
    });
    let cost = Memo::new(move |_| {
        let running = session.with(|s| s.state == SessionState::Running && s.started_at.is_some());
        let since = if running { clock.now() - heard_at.get() } else { 0 };
        session.with(|s| org.money(s.cost + s.price_per_hour.for_duration(since)))
    });
    let rate = move || session.with(|s| org.money(s.price_per_hour));
    view! {
        <div class="num cost">
            <b>{cost}</b>
            <div class="faint small">{move || tr!(sessions.per_hour, price = rate())}</div>
        </div>
    }
}
