//! A group's name and description.

use crate::components::form::{AreaField, FormFailure, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Sending, Typed};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::group::{Group, SaveGroup};
use leptos::prelude::*;

/// Makes a group, or changes one.
#[component]
pub(crate) fn EditGroup(group: Option<Group>, done: Callback<Group>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let this = StoredValue::new(group.as_ref().map(|group| (group.id.clone(), group.version)));
    let (name, description) = group.map(|group| (group.name, group.description)).unwrap_or_default();
    let (name, description) = (Typed::over(name), Typed::over(description));
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body =
            SaveGroup { name: name.value.get_untracked(), description: description.value.get_untracked() };
        let call = match this.get_value() {
            Some((id, version)) => calls::group_update(&org.slug(), &id, &body).unless_changed(version),
            None => calls::group_create(&org.slug(), &body),
        };
        sending.send(call, move |saved: Group| {
            toasts.done(tr!(common.saved));
            done.run(saved);
        });
    };
    let renew = Callback::new(move |()| {
        let Some((id, _)) = this.get_value() else { return };
        sending.send(calls::group_get(&org.slug(), &id), move |detail| {
            this.set_value(Some((id, detail.group.version)));
            name.renew(detail.group.name);
            description.renew(detail.group.description);
        });
    });
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label=tr!(common.name)
                value=name.value
                problem=sending.problem("name")
                required=true
                autofocus=true
                maxlength="80"
            />
            <AreaField
                label=tr!(projects.description)
                value=description.value
                problem=sending.problem("description")
            />
            <FormFailure sending renew />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}
