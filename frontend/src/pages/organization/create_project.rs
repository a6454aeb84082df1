//! A new project: its name, and what it is for.

use crate::components::form::{AreaField, FormFailure, Submit, TextField};
use crate::contexts::organization::Org;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::project::CreateProject;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

#[component]
pub(crate) fn CreateProjectForm() -> impl IntoView {
    let org = Org::expect();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let sending = Sending::new();
    let navigate = StoredValue::new_local(use_navigate());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = CreateProject { name: name.get_untracked(), description: description.get_untracked() };
        sending.send(calls::project_create(&org.slug(), &body), move |project| {
            let address = org.at(&format!("/{}", project.slug));
            navigate.with_value(|navigate| navigate(&address, Default::default()));
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label=tr!(common.name)
                value=name
                problem=sending.problem("name")
                required=true
                autofocus=true
                maxlength="80"
            />
            <AreaField
                label=tr!(projects.description)
                value=description
                hint=tr!(projects.description_hint)
                problem=sending.problem("description")
            />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(projects.create).to_owned() sending />
            </div>
        </form>
    }
}
