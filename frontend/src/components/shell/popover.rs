//! A small menu under a button: the browser's own popover, closed by Escape, a click beside it or a choice.

use leptos::html;
use leptos::prelude::*;

/// `id` is what the button names as `popovertarget`.
#[component]
pub(crate) fn Popover(id: &'static str, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let close = move |_| {
        if let Some(popover) = node.get_untracked() {
            // Fails if it is closed already.
            let _ = popover.hide_popover();
        }
    };
    view! {
        <div id=id popover="auto" class=format!("menu {id}") node_ref=node on:click=close>
            {children()}
        </div>
    }
}
