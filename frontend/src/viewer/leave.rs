//! The question before one follows a link of a file out of Atelier: one sees where it leads.

use crate::components::Dialog;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(super) fn Leave(away: RwSignal<Option<String>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(away.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && away.with_untracked(Option::is_some) {
            away.set(None);
        }
    });
    let address = move || away.get().unwrap_or_default();
    view! {
        <Dialog open title=tr!(viewer.leave_title).to_owned()>
            <p>{tr!(viewer.leave_text)}</p>
            <p class="mono break">{address}</p>
            <div class="row end">
                <button type="button" class="btn" on:click=move |_| open.set(false)>
                    {tr!(common.cancel)}
                </button>
                <a
                    class="btn primary"
                    href=address
                    target="_blank"
                    rel="noopener noreferrer external"
                    on:click=move |_| open.set(false)
                >
                    {tr!(viewer.leave)}
                </a>
            </div>
        </Dialog>
    }
}
