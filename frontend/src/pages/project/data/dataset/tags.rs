//! The tags of a version: set, moved here from another, removed.

use crate::components::Dialog;
use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::dataset::{Ds, Noun, call};
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::data::{DataVersion, SetDataTag};
use leptos::prelude::*;

/// The version of a model that is in use.
const CHAMPION: &str = "champion";

#[component]
pub(super) fn EditTags(version: DataVersion) -> impl IntoView {
    let number = version.number;
    let open = RwSignal::new(false);
    let has_champion = version.tags.iter().any(|tag| tag == CHAMPION);
    let tags = StoredValue::new(version.tags);
    view! {
        <button
            class="btn quiet small"
            aria-label=tr!(data.tags_of, number = number)
            on:click=move |_| open.set(true)
        >
            {tr!(data.tags)}
        </button>
        <Dialog open title=tr!(data.tags_of, number = number)>
            <ul class="stack tight">
                {move || tags.get_value().into_iter().map(|tag| view! { <OneTag tag /> }).collect_view()}
            </ul>
            <NewTag number has_champion open />
        </Dialog>
    }
}

#[component]
fn OneTag(tag: String) -> impl IntoView {
    let dataset = Ds::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let label = tr!(data.remove_tag, tag = tag.clone());
    let shown = tag.clone();
    let remove = move |_| {
        let call = call!(dataset, tag_delete(&tag));
        let text = tr!(data.tag_removed, tag = tag.clone());
        sending.act(call, toasts, move |()| toasts.done(text));
    };
    view! {
        <li class="row between">
            <span class="chip ok">
                <i aria-hidden="true"></i>
                {shown}
            </span>
            <button
                class="btn quiet small danger"
                aria-label=label
                aria-disabled=move || sending.busy().get().then_some("true")
                on:click=remove
            >
                {tr!(data.remove)}
            </button>
        </li>
    }
}

#[component]
fn NewTag(number: i64, has_champion: bool, open: RwSignal<bool>) -> impl IntoView {
    let dataset = Ds::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    // What is in use, of a model, is the first thing that one wants to say.
    let first = if dataset.noun == Noun::Model && !has_champion { CHAMPION } else { "" };
    let tag = RwSignal::new(first.to_owned());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let wanted = tag.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            return;
        }
        let call = call!(dataset, tag_set(&wanted, &SetDataTag { number }));
        sending.send(call, move |_| {
            open.try_set(false);
            toasts.done(tr!(data.tag_set, tag = wanted, number = number));
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label=tr!(data.new_tag)
                value=tag
                hint=tr!(data.new_tag_hint)
                problem=sending.problem("tag")
                required=true
                autofocus=true
                maxlength="40"
            />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(data.set_tag, number = number) sending />
            </div>
        </form>
    }
}
