//! The head of a page: its name, a sentence, and what one can do here.

use leptos::prelude::*;

#[component]
pub(crate) fn PageHead(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] note: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    super::title(move || title.get());
    view! {
        <div class="row between wrap page-head">
            <div class="grow">
                <h1>{title}</h1>
                <Show when=move || note.with(|note| !note.is_empty())>
                    <p class="muted">{note}</p>
                </Show>
            </div>
            {children.map(|children| view! { <div class="row wrap">{children()}</div> })}
        </div>
    }
}
