//! Lines of a log that follow their end.

use leptos::html;
use leptos::prelude::*;

#[component]
pub(crate) fn LogView(
    #[prop(into)] lines: Signal<Vec<String>>,
    #[prop(into)] label: String,
) -> impl IntoView {
    let node = NodeRef::<html::Pre>::new();
    Effect::new(move |_| {
        lines.track();
        request_animation_frame(move || {
            if let Some(pre) = node.try_get_untracked().flatten() {
                pre.set_scroll_top(pre.scroll_height());
            }
        });
    });
    view! {
        <pre class="log" node_ref=node tabindex="0" role="log" aria-label=label>
            {move || lines.with(|lines| lines.join("\n"))}
        </pre>
    }
}
