//! Buttons for files and for a whole folder.

use crate::text::tr;
use crate::uploads::Picked;
use leptos::html;
use leptos::prelude::*;

#[component]
pub(in super::super) fn Choose(
    on_files: Callback<Picked>,
    /// The first of the buttons is what one came for.
    #[prop(optional)]
    primary: bool,
    /// For files that were chosen before.
    #[prop(optional)]
    again: bool,
) -> impl IntoView {
    let (files, folder) = match again {
        true => (tr!(uploads.choose_files_again), tr!(uploads.choose_folder_again)),
        false => (tr!(uploads.choose_files), tr!(uploads.choose_folder)),
    };
    view! {
        <ChooseOne on_files label=files primary />
        <ChooseOne on_files label=folder folder=true />
    }
}

/// The browser's field stays unseen: the button opens it.
#[component]
fn ChooseOne(
    on_files: Callback<Picked>,
    label: &'static str,
    #[prop(optional)] primary: bool,
    #[prop(optional)] folder: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    node.on_load(move |input| input.set_webkitdirectory(folder));
    let open = move |_| {
        if let Some(input) = node.get_untracked() {
            input.click();
        }
    };
    let chosen = move |event: leptos::ev::Event| {
        let field: web_sys::HtmlInputElement = event_target(&event);
        let picked = Picked::chosen(&field);
        // The same files can be chosen once more.
        field.set_value("");
        if !picked.paths.is_empty() {
            on_files.run(picked);
        }
    };
    view! {
        <input type="file" multiple=true class="hidden" aria-label=label node_ref=node on:change=chosen />
        <button type="button" class="btn" class:primary=primary on:click=open>
            {label}
        </button>
    }
}
