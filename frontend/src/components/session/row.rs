//! Sessions one below the other, each live.

use super::{
    IdleWarning, SessionActions, SessionCost, StateChip, UsageView, alive_sentence, data_sentence,
    end_sentence, failure_sentence,
};
use crate::contexts::clock::Clock;
use crate::contexts::organization::{Org, allowed};
use crate::contexts::project::Proj;
use crate::format::size;
use crate::text::tr;
use atelier_api::role::{Action, Object, Scope};
use atelier_api::session::Session;
use leptos::prelude::*;

/// `with_project` names the project of each: for lists over several.
#[component]
pub(crate) fn SessionList(
    #[prop(into)] sessions: Signal<Vec<Session>>,
    #[prop(optional)] with_project: bool,
) -> impl IntoView {
    view! {
        <ul class="sessions">
            <For each=move || sessions.get() key=|session| session.id.clone() let(first)>
                <SessionRow sessions first with_project />
            </For>
        </ul>
    }
}

#[component]
fn SessionRow(sessions: Signal<Vec<Session>>, first: Session, with_project: bool) -> impl IntoView {
    let org = Org::expect();
    let clock = Clock::expect();
    let project = use_context::<Proj>();
    let id = first.id.clone();
    let address = org.at(&format!("/{}/sessions/{}", first.project, first.id));
    let session = Memo::new(move |before: Option<&Session>| {
        let now = sessions.with(|all| all.iter().find(|session| session.id == id).cloned());
        now.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    });
    let may = Callback::new(move |action: Action| {
        session.with(|s| match project {
            Some(project) => project.may_with(s, action),
            None => {
                let scope = if s.mine { Scope::Own } else { Scope::Any };
                org.info.with(|info| allowed(&info.permissions, Object::Session, action, scope))
            }
        })
    });
    let size = move || {
        session.with(|s| {
            let size = size::tier(s.cpu_milli, s.memory_bytes);
            format!("{} · {} ({size})", s.environment_name, s.tier_name)
        })
    };
    let whose = move || {
        session.with(|s| {
            let owner = if s.mine { tr!(sessions.yours).to_owned() } else { s.owner_name.clone() };
            if with_project { format!("{owner} · {}", s.project_name) } else { owner }
        })
    };
    let why =
        Memo::new(move |_| {
            let now = clock.now();
            session.with(|s| {
                s.failure.as_ref().map(failure_sentence).or_else(|| alive_sentence(s, now)).or_else(|| {
                    s.end_cause.filter(|_| s.ended_at.is_some()).map(|c| end_sentence(c).to_owned())
                })
            })
        });
    let data = Memo::new(move |_| session.with(data_sentence));
    view! {
        <li class="session">
            <div class="grow">
                <div class="row wrap">
                    <a class="strong" href=address>{move || session.with(|s| s.name.clone())}</a>
                    <StateChip session />
                </div>
                <p class="muted">{size}</p>
                <Show when=move || data.with(Option::is_some)>
                    <p class="faint small clip">{data}</p>
                </Show>
                <p class="faint small">
                    {whose} {move || why.get().map(|why| format!(" · {why}"))}
                </p>
            </div>
            <UsageView session />
            <SessionCost session />
            <SessionActions session may />
            <IdleWarning session may_extend=Signal::derive(move || may.run(Action::Open)) />
        </li>
    }
}
