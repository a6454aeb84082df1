//! A part of the page onto which files can be dropped.

use crate::contexts::toasts::Toasts;
use crate::text::tr;
use crate::uploads::Picked;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// While something is dragged over it, `text` lies over the content and says what dropping does.
#[component]
pub(in super::super) fn DropZone(
    on_files: Callback<Picked>,
    #[prop(into)] enabled: Signal<bool>,
    #[prop(into)] text: Signal<String>,
    children: Children,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let over = RwSignal::new(false);
    let enter = move |event: DragEvent| {
        if enabled.get_untracked() && holds_files(&event) {
            event.prevent_default();
            over.set(true);
        }
    };
    let stay = move |event: DragEvent| {
        // Otherwise the browser leaves the page and shows the file.
        if holds_files(&event) {
            event.prevent_default();
        }
    };
    let take = move |event: DragEvent| {
        if !holds_files(&event) {
            return;
        }
        event.prevent_default();
        over.set(false);
        let Some(transfer) = event.data_transfer().filter(|_| enabled.get_untracked()) else { return };
        spawn_local(async move {
            match Picked::dropped(&transfer).await {
                Some(picked) if picked.paths.is_empty() => toasts.sorry(tr!(uploads.no_files)),
                Some(picked) => {
                    on_files.try_run(picked);
                }
                None => toasts.sorry(tr!(uploads.folder_unreadable)),
            }
        });
    };
    view! {
        <div class="drop-zone stack" on:dragenter=enter on:dragover=stay on:drop=take>
            {children()}
            <Show when=move || over.get()>
                <div class="drop-here" on:dragleave=move |_| over.set(false)>
                    <p>{text}</p>
                </div>
            </Show>
        </div>
    }
}

fn holds_files(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|transfer| transfer.types());
    types.is_some_and(|types| types.iter().any(|kind| kind == "Files"))
}
