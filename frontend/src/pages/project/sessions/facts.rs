//! Use and cost of a session, and what it is.

use crate::components::session::{SessionCost, UsageView, alive_sentence, end_sentence};
use crate::contexts::clock::Clock;
use crate::contexts::project::Proj;
use crate::format::{size, time};
use crate::text::tr;
use atelier_api::session::Session;
use leptos::prelude::*;

#[component]
pub(crate) fn Facts(session: Memo<Session>) -> impl IntoView {
    let org = Proj::expect().org;
    let clock = Clock::expect();
    let alive = Memo::new(move |_| {
        let now = clock.now();
        session.with(|s| alive_sentence(s, now))
    });
    let fact = |name: &'static str, value: Signal<Option<String>>| {
        view! {
            <Show when=move || value.with(Option::is_some)>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </Show>
        }
    };
    let of = move |read: fn(&Session) -> Option<String>| Signal::derive(move || session.with(read));
    let total = Signal::derive(move || Some(org.money(session.with(|s| s.cost_total))));
    view! {
        <section class="card">
            <header>
                <h2>{tr!(sessions.use_and_cost)}</h2>
            </header>
            <div class="in row between wrap">
                <UsageView session />
                <SessionCost session />
            </div>
        </section>
        <section class="card">
            <header>
                <h2>{tr!(sessions.about)}</h2>
            </header>
            <dl class="in facts">
                {fact(tr!(sessions.alive), alive.into())}
                {fact(tr!(sessions.owner), of(|s| Some(s.owner_name.clone())))}
                {fact(tr!(sessions.environment), of(|s| Some(s.environment_name.clone())))}
                {fact(tr!(sessions.size), of(|s| {
                    Some(format!("{} ({})", s.tier_name, size::tier(s.cpu_milli, s.memory_bytes)))
                }))}
                {fact(tr!(sessions.started), of(|s| s.started_at.map(time::second)))}
                {fact(tr!(sessions.ended), of(|s| s.ended_at.map(time::second)))}
                {fact(tr!(sessions.ended_because), of(|s| {
                    s.end_cause.filter(|_| s.ended_at.is_some()).map(|c| end_sentence(c).to_owned())
                }))}
                {fact(tr!(sessions.all_starts), total)}
            </dl>
        </section>
    }
}
