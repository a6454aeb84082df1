//! Where the keyboard is when what had it is gone.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

/// Focuses the element, if it can be.
pub(crate) fn focus(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Fails for an element that is not in the document: then nobody can be in it.
        let _ = element.focus();
    }
}

/// Focuses the first field of the form that is marked as wrong, once the page shows which.
pub(crate) fn first_invalid(event: &SubmitEvent) {
    let form = event.target().and_then(|form| form.dyn_into::<web_sys::Element>().ok());
    request_animation_frame(move || {
        if let Some(field) = form.and_then(|form| form.query_selector("[aria-invalid=true]").ok()?) {
            focus(&field);
        }
    });
}

/// A closed dialog gives the focus back to what opened it. If that is gone, the page itself has it.
pub(crate) fn keep_in_page() {
    let document = document();
    let lost = document.active_element().is_none_or(|element| element.tag_name() == "BODY");
    let main = document.get_element_by_id("content").and_then(|main| main.dyn_into::<HtmlElement>().ok());
    if lost && let Some(main) = main {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // As in `focus`.
        let _ = main.focus_with_options(&options);
    }
}
