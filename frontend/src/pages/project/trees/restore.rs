//! Brings back an older version: all of it, or one file of it.

use super::context::{Tree, call, name_of};
use crate::components::Dialog;
use crate::components::form::{AreaField, FormFailure, Submit};
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::call::Call;
use atelier_api::data::{DataVersion, RestoreDataFile, RestoreDataVersion};
use leptos::prelude::*;

/// All files as they were.
#[component]
pub(super) fn Restore(number: i64) -> impl IntoView {
    let open = RwSignal::new(false);
    let tree = Tree::expect();
    let call = Callback::new(move |message: String| {
        call!(tree, version_restore(&number.to_string(), &RestoreDataVersion { message }))
    });
    let done = Callback::new(move |made: i64| tr!(data.restored, number = number, made = made));
    view! {
        <button
            class="btn quiet small"
            aria-label=tr!(data.restore_number, number = number)
            on:click=move |_| open.set(true)
        >
            {tr!(data.restore)}
        </button>
        <Dialog open title=tr!(data.restore_title, number = number)>
            <Form open text=tr!(data.restore_text, number = number) suggestion=String::new() call done />
        </Dialog>
    }
}

/// One file as it was; the others stay.
#[component]
pub(super) fn RestoreFile(
    path: Memo<String>,
    number: Memo<i64>,
    #[prop(optional)] quiet: bool,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let tree = Tree::expect();
    let name = move || name_of(&path.get_untracked()).to_owned();
    let call = Callback::new(move |message: String| {
        let body = RestoreDataFile { path: path.get_untracked(), message };
        call!(tree, file_restore(&number.get_untracked().to_string(), &body))
    });
    let done = Callback::new(move |made: i64| tr!(files.file_restored, name = name(), made = made));
    let title = Signal::derive(move || {
        tr!(files.restore_file_title, name = name_of(&path.get()).to_owned(), number = number.get())
    });
    view! {
        <button
            class="btn small"
            class:quiet=quiet
            aria-label=move || tr!(files.restore_file_of, number = number.get())
            on:click=move |_| open.set(true)
        >
            {tr!(files.restore_file)}
        </button>
        <Dialog open title>
            <Form
                open
                text=tr!(files.restore_file_text).to_owned()
                suggestion=tr!(files.restore_file_message, name = name(), number = number.get_untracked())
                call
                done
            />
        </Dialog>
    }
}

#[component]
fn Form(
    open: RwSignal<bool>,
    text: String,
    /// What the message says at first.
    suggestion: String,
    call: Callback<String, Call<DataVersion>>,
    /// What to say of the version that was made.
    done: Callback<i64, String>,
) -> impl IntoView {
    let tree = Tree::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let message = RwSignal::new(suggestion);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        sending.send(call.run(message.get_untracked()), move |made| {
            open.try_set(false);
            toasts.done(done.run(made.number));
            tree.list.first.refetch();
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{text}</p>
            <AreaField label=tr!(uploads.message) value=message problem=sending.problem("message") />
            <FormFailure sending />
            <div class="row end">
                <button type="button" class="btn" on:click=move |_| open.set(false)>
                    {tr!(common.cancel)}
                </button>
                <Submit label=tr!(data.restore).to_owned() sending />
            </div>
        </form>
    }
}
