//! What tells folders from files.

use leptos::prelude::*;

#[component]
pub(crate) fn Sign(#[prop(optional)] folder: bool) -> impl IntoView {
    let shape = if folder {
        "M1.5 4.5a1.5 1.5 0 0 1 1.5-1.5h3l1.5 2h5.5a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-10a1.5 1.5 0 0 1-1.5-1.5z"
    } else {
        "M4 1.5h5l3.5 3.5v8a1.5 1.5 0 0 1-1.5 1.5h-7a1.5 1.5 0 0 1-1.5-1.5v-10a1.5 1.5 0 0 1 1.5-1.5zM9 1.5v3.5h3.5"
    };
    view! {
        <svg class="sign" class:folder=folder viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=shape />
        </svg>
    }
}
