//! The card of a form with a name and more, over what others may change meanwhile.

use super::form::{FormFailure, Submit, TextField};
use crate::data::{Sending, Typed};
use crate::text::tr;
use leptos::prelude::*;

/// `children` are the fields after the name.
#[component]
pub(crate) fn SettingsForm(
    title: &'static str,
    name: Typed,
    sending: Sending,
    save: Callback<()>,
    /// Loads what is there now, after somebody else changed it.
    renew: Callback<()>,
    children: Children,
) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save.run(());
    };
    view! {
        <section class="card narrow">
            <header>
                <h2>{title}</h2>
            </header>
            <form class="in stack" on:submit=submit>
                <TextField
                    label=tr!(common.name)
                    value=name.value
                    problem=sending.problem("name")
                    required=true
                    maxlength="80"
                />
                {children()}
                <FormFailure sending renew />
                <div class="row end">
                    <Submit label=tr!(common.save).to_owned() sending />
                </div>
            </form>
        </section>
    }
}
