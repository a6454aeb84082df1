//! "Are you sure?", for what cannot be undone.

use super::Dialog;
use super::form::{FormFailure, Submit, TextField};
use crate::data::Sending;
use crate::text::tr;
use leptos::prelude::*;

/// With a `word`, the person must type it first.
#[component]
pub(crate) fn Confirm(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] action: Signal<String>,
    #[prop(optional, into)] word: Option<Signal<String>>,
    sending: Sending,
    on_confirm: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    Effect::new(move |_| {
        if open.get() {
            typed.set(String::new());
            sending.clear();
        }
    });
    let blocked = Signal::derive(move || word.is_some_and(|word| word.get() != typed.get().trim()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !blocked.get_untracked() {
            on_confirm.run(());
        }
    };
    view! {
        <Dialog open title>
            <form class="stack" on:submit=submit>
                <p>{text}</p>
                {move || {
                    word.map(|word| {
                        view! {
                            <TextField
                                label=tr!(common.type_to_confirm, word = word.get())
                                value=typed
                                autofocus=true
                                autocomplete="off"
                            />
                        }
                    })
                }}
                <FormFailure sending />
                <div class="row end">
                    <button type="button" class="btn" autofocus=word.is_none() on:click=move |_| open.set(false)>
                        {tr!(common.cancel)}
                    </button>
                    <Submit label=action sending danger=true disabled=blocked />
                </div>
            </form>
        </Dialog>
    }
}
