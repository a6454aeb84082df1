//! The frame.

use super::leave::Leave;
use super::words::words;
use super::{Heard, Order};
use leptos::html;
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/js/viewer.js")]
extern "C" {
    #[wasm_bindgen(js_name = Viewer)]
    type JsViewer;
    #[wasm_bindgen(constructor, js_class = "Viewer")]
    fn new(frame: &web_sys::HtmlIFrameElement, hear: &js_sys::Function) -> JsViewer;
    #[wasm_bindgen(method)]
    fn show(this: &JsViewer, order: &str);
    #[wasm_bindgen(method)]
    fn close(this: &JsViewer);
}

/// An order with the texts that the frame shows.
#[derive(Serialize)]
struct Spoken<'a> {
    #[serde(flatten)]
    order: &'a Order,
    words: serde_json::Value,
}

/// Shows a file, and another when the order changes. Links that lead out of Atelier are asked about here.
#[component]
pub(crate) fn Viewer(
    #[prop(into)] order: Signal<Order>,
    /// Said to those who do not see the frame.
    #[prop(into)]
    label: Signal<String>,
    hear: Callback<Heard>,
) -> impl IntoView {
    let node = NodeRef::<html::Iframe>::new();
    let away = RwSignal::new(None::<String>);
    let viewer = StoredValue::new_local(None::<JsViewer>);
    let heard = Closure::<dyn Fn(String)>::new(move |text: String| {
        match serde_json::from_str(&text) {
            Ok(Heard::Follow { address })
                if super::link("", &address) == Some(super::Link::Away(address.clone())) =>
            {
                away.try_set(Some(address));
            }
            Ok(heard) => {
                hear.try_run(heard);
            }
            // The two are of one build.
            Err(_) => {}
        }
    });
    let heard = StoredValue::new_local(heard);
    Effect::new(move |_| {
        let order = order.get();
        // Once the frame is in the document.
        let Some(frame) = node.get() else { return };
        let Ok(text) = serde_json::to_string(&Spoken { order: &order, words: words() }) else { return };
        viewer.update_value(|viewer| {
            let new = || heard.with_value(|heard| JsViewer::new(&frame, heard.as_ref().unchecked_ref()));
            viewer.get_or_insert_with(new).show(&text);
        });
    });
    on_cleanup(move || {
        viewer.try_with_value(|viewer| {
            if let Some(viewer) = viewer {
                viewer.close();
            }
        });
    });
    view! {
        <iframe
            class="viewer"
            node_ref=node
            title=move || label.get()
            src="/_viewer"
            sandbox="allow-scripts"
            referrerpolicy="no-referrer"
        ></iframe>
        <Leave away />
    }
}
