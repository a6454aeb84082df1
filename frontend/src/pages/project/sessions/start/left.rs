//! What one has left, and whether a start would be refused.

use crate::contexts::project::Proj;
use crate::text::tr;
use atelier_api::money::Micros;
use atelier_api::session::StartOptions;
use leptos::prelude::*;

/// Whether a limit of the person's is reached.
pub(crate) fn blocked(options: &StartOptions) -> bool {
    too_many(options) || too_much(options)
}

fn too_many(options: &StartOptions) -> bool {
    options.sessions_at_once.is_some_and(|limit| options.running >= limit)
}

fn too_much(options: &StartOptions) -> bool {
    options.monthly_limit.is_some_and(|limit| options.spent_this_month >= limit)
}

#[component]
pub(crate) fn Left(options: RwSignal<StartOptions>) -> impl IntoView {
    let org = Proj::expect().org;
    let text = move || {
        options.with(|o| {
            if too_many(o) {
                let limit = o.sessions_at_once.unwrap_or_default();
                return Some(tr!(start.too_many, count = limit));
            }
            let limit = o.monthly_limit?;
            if too_much(o) {
                return Some(tr!(start.too_much, limit = org.money(limit)));
            }
            let left = Micros(limit.0.saturating_sub(o.spent_this_month.0));
            Some(tr!(start.left, left = org.money(left)))
        })
    };
    view! { <span class="muted grow" role="status">{text}</span> }
}
