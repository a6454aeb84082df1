//! Jump anywhere by its name: Ctrl K (or ⌘ K).

mod palette;
mod places;

use crate::components::Dialog;
use crate::text::tr;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use palette::Palette;

#[component]
pub(crate) fn Find() -> impl IntoView {
    let open = RwSignal::new(false);
    let keys = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
            event.prevent_default();
            open.set(true);
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <button class="find" aria-keyshortcuts="Control+K" on:click=move |_| open.set(true)>
            <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
                <circle cx="7" cy="7" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5" />
                <path d="m10.5 10.5 4 4" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
            </svg>
            <span>{tr!(shell.find)}</span>
            <kbd>"Ctrl K"</kbd>
        </button>
        <Dialog open title=tr!(shell.find_title).to_owned()>
            <Palette open />
        </Dialog>
    }
}
