//! A text that is shown once, to be copied.

use super::focus::focus;
use super::form::unique;
use crate::contexts::toasts::Toasts;
use crate::text::tr;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

#[component]
pub(crate) fn CopyField(
    #[prop(into)] label: String,
    text: String,
    #[prop(into)] hint: String,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let id = unique("copy");
    let text = StoredValue::new(text);
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let copying = window().navigator().clipboard().write_text(&text.get_value());
        spawn_local(async move {
            // Refused, the field still holds the text, selected, to be copied by hand.
            if JsFuture::from(copying).await.is_ok() {
                copied.try_set(true);
                toasts.done(tr!(common.copied));
            }
        });
    };
    let node = NodeRef::<html::Input>::new();
    // It takes the place of the form that had the focus.
    node.on_load(|input| {
        request_animation_frame(move || focus(&input));
    });
    let select = |event: leptos::ev::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="row">
                <input
                    id=id
                    class="input mono"
                    readonly=true
                    node_ref=node
                    prop:value=move || text.get_value()
                    on:focus=select
                />
                <button type="button" class="btn primary" on:click=copy>
                    {move || if copied.get() { tr!(common.copied) } else { tr!(common.copy) }}
                </button>
            </div>
            <p class="hint">{hint}</p>
        </div>
    }
}
