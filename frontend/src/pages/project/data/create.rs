//! A new dataset: its name, what is in it, and words to find it by.

use super::labels;
use crate::components::form::{AreaField, FormFailure, Submit, TextField};
use crate::contexts::project::Proj;
use crate::data::Sending;
use crate::text::tr;
use crate::uploads::{Picked, Uploads};
use crate::words;
use atelier_api::calls;
use atelier_api::dataset::CreateDataset;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Files that were dropped before are named in the form, and wait on the dataset's page.
#[component]
pub(super) fn CreateDatasetForm() -> impl IntoView {
    let project = Proj::expect();
    let waiting = Uploads::expect().waiting;
    let name =
        RwSignal::new(waiting.with_untracked(|picked| picked.as_ref().and_then(folder).unwrap_or_default()));
    let description = RwSignal::new(String::new());
    let words = RwSignal::new(String::new());
    let sending = Sending::new();
    let navigate = StoredValue::new_local(use_navigate());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = CreateDataset {
            name: name.get_untracked(),
            description: description.get_untracked(),
            labels: labels::typed(&words.get_untracked()),
        };
        sending.send(calls::dataset_create(&project.org.slug(), &project.slug(), &body), move |made| {
            let address = project.at(&format!("/data/{}", made.slug));
            navigate.with_value(|navigate| navigate(&address, Default::default()));
        });
    };
    let dropped = move || {
        waiting.with(|picked| {
            let count = picked.as_ref()?.paths.len() as i64;
            let files = words::files(count);
            Some(view! { <p class="muted">{tr!(data.after_creation, count = count, files = files)}</p> })
        })
    };
    view! {
        <form class="stack" on:submit=submit>
            {dropped}
            <TextField
                label=tr!(common.name)
                value=name
                problem=sending.problem("name")
                required=true
                autofocus=true
                maxlength="80"
            />
            <AreaField
                label=tr!(data.description)
                value=description
                hint=tr!(data.description_hint)
                problem=sending.problem("description")
            />
            <TextField
                label=tr!(data.labels)
                value=words
                hint=tr!(data.labels_hint)
                problem=sending.problem("labels")
                maxlength="900"
            />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(data.create).to_owned() sending />
            </div>
        </form>
    }
}

/// The folder that all the files are in: a likely name.
fn folder(picked: &Picked) -> Option<String> {
    let (first, _) = picked.paths.first()?.split_once('/')?;
    let inside = |path: &String| path.split_once('/').is_some_and(|(folder, _)| folder == first);
    picked.paths.iter().all(inside).then(|| first.to_owned())
}
