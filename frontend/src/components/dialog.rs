//! A modal dialog: the browser's own, which keeps the focus inside and gives it back.

use crate::text::tr;
use leptos::html;
use leptos::prelude::*;

/// The content is made when the dialog opens, so that a form always begins anew.
#[component]
pub(crate) fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let heading = StoredValue::new(super::form::unique("dialog"));
    Effect::new(move |_| {
        let wanted = open.get();
        // In the next frame the content is there, so that the browser finds what to focus.
        request_animation_frame(move || {
            let Some(dialog) = node.try_get_untracked().flatten() else { return };
            if wanted && !dialog.open() {
                // Fails for a dialog that is not in the document: then nobody can see it anyway.
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
                super::focus::keep_in_page();
            }
        });
    });
    // It may go together with what it was about, as a row that was deleted.
    on_cleanup(|| request_animation_frame(super::focus::keep_in_page));
    let children = StoredValue::new(children);
    view! {
        <dialog node_ref=node class="dialog" aria-labelledby=heading.get_value() on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <div class="head">
                    <h2 id=heading.get_value()>{title}</h2>
                    <button
                        type="button"
                        class="btn quiet small"
                        aria-label=tr!(common.close)
                        on:click=move |_| open.set(false)
                    >
                        "✕"
                    </button>
                </div>
                <div class="in stack">{children.with_value(|children| children())}</div>
            </Show>
        </dialog>
    }
}
