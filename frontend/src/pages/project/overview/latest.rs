//! The last sessions that ended.

use crate::components::Loaded;
use crate::components::session::{end_sentence, is_up};
use crate::contexts::clock::Clock;
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::format::time;
use crate::text::tr;
use atelier_api::session::Session;
use leptos::prelude::*;

const SHOWN: usize = 5;

/// Left out while there are none.
#[component]
pub(crate) fn Latest(sessions: Fetched<Vec<Session>>) -> impl IntoView {
    let ended = move |all: &[Session]| -> Vec<Session> {
        let mut ended: Vec<_> = all.iter().filter(|s| !is_up(s)).cloned().collect();
        ended.sort_by_key(|s| std::cmp::Reverse(s.ended_at.unwrap_or(s.wanted_at)));
        ended.truncate(SHOWN);
        ended
    };
    view! {
        <Loaded of=sessions let:sessions>
            <Show when=move || sessions.with(|all| all.iter().any(|s| !is_up(s)))>
                <div class="card">
                    <header><h2>{tr!(overview.latest)}</h2></header>
                    <div class="scroll" tabindex="0" role="region" aria-label=tr!(overview.latest)>
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">{tr!(cost.session)}</th>
                                    <th scope="col" class="wide-only">{tr!(overview.by)}</th>
                                    <th scope="col">{tr!(overview.ended)}</th>
                                    <th scope="col" class="num wide-only">{tr!(cost.cost)}</th>
                                    <th scope="col" class="num">{tr!(overview.when)}</th>
                                </tr>
                            </thead>
                            <tbody>
                                <For
                                    each=move || sessions.with(|all| ended(all))
                                    key=|s| (s.id.clone(), s.generation, s.ended_at, s.cost_total)
                                    let(session)
                                >
                                    <LatestRow session />
                                </For>
                            </tbody>
                        </table>
                    </div>
                </div>
            </Show>
        </Loaded>
    }
}

#[component]
fn LatestRow(session: Session) -> impl IntoView {
    let project = Proj::expect();
    let clock = Clock::expect();
    let ended = session.ended_at;
    let ago = Memo::new(move |_| ended.map(|at| time::ago(at, clock.now())));
    view! {
        <tr>
            <td class="named">
                <a class="strong" href=project.at(&format!("/sessions/{}", session.id))>
                    {session.name}
                </a>
            </td>
            <td class="wide-only">{session.owner_name}</td>
            <td class="muted named">{session.end_cause.map(end_sentence)}</td>
            <td class="num wide-only">{project.org.money(session.cost_total)}</td>
            <td class="num faint nowrap">{ago}</td>
        </tr>
    }
}
