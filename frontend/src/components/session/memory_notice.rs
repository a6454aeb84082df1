//! Out of memory: what happened, and the size that would fit.

use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::size;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::session::{Session, StartSession};
use atelier_api::tier::Tier;
use leptos::prelude::*;

#[component]
pub(crate) fn MemoryNotice(session: Memo<Session>, may_start: Signal<bool>) -> impl IntoView {
    let notice = move || session.with(|s| s.notice.clone());
    let text = move || {
        notice().map(|n| {
            tr!(
                sessions.out_of_memory,
                used = size::memory(n.used_bytes),
                limit = size::memory(n.limit_bytes)
            )
        })
    };
    let fitting = move || notice().and_then(|n| n.fitting_tier);
    view! {
        <Show when=move || notice().is_some()>
            <div class="notice bad" role="status">
                <p>{text}</p>
                {move || match fitting() {
                    Some(tier) => view! { <Fitting session tier may_start /> }.into_any(),
                    None => view! { <p>{tr!(sessions.nothing_fits)}</p> }.into_any(),
                }}
            </div>
        </Show>
    }
}

/// Names the size that would fit, and starts with it once the session is down.
#[component]
fn Fitting(session: Memo<Session>, tier: String, may_start: Signal<bool>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let project = session.with_untracked(|s| s.project.clone());
    let options = Fetched::new(move || calls::session_options(&org.slug(), &project));
    let wanted = StoredValue::new(tier);
    let found = move || -> Option<Tier> {
        options.get()?.tiers.into_iter().find(|tier| wanted.with_value(|id| tier.id == *id))
    };
    let start = move |_| {
        let (project, id) = session.with_untracked(|s| (s.project.clone(), s.id.clone()));
        let body = StartSession { tier: Some(wanted.get_value()), data: None };
        let call = calls::session_start(&org.slug(), &project, &id, &body);
        sending.act(call, toasts, move |_| toasts.done(tr!(sessions.starts)));
    };
    let down = move || session.with(|s| !super::is_up(s));
    move || {
        found().map(|tier| {
            let size = size::tier(tier.cpu_milli, tier.memory_bytes);
            let price = org.money(tier.price_per_hour);
            let name = tier.name.clone();
            view! {
                <p>{tr!(sessions.would_fit, tier = tier.name, size = size, price = price)}</p>
                {if !may_start.get() {
                    ().into_any()
                } else if down() {
                    view! {
                        <button class="btn" aria-disabled=move || sending.busy().get().then_some("true") on:click=start>
                            {tr!(sessions.start_with, tier = name)}
                        </button>
                    }
                    .into_any()
                } else {
                    view! { <p>{tr!(sessions.stop_first)}</p> }.into_any()
                }}
            }
        })
    }
}
