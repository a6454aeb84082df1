//! Where the keyboard is when what had it is gone.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Focuses the element, if it can be.
pub(crate) fn focus(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Fails for an element that is not in the document: then nobody can be in it.
        let _ = element.focus();
    }
}

/// A closed dialog gives the focus back to what opened it. If that is gone, the page itself has it.
pub(crate) fn keep_in_page() {
    let document = document();
    let lost = document.active_element().is_none_or(|element| element.tag_name() == "BODY");
    if lost && let Some(main) = document.get_element_by_id("content") {
        focus(&main);
    }
}
