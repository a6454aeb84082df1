//! The organization's name and currency, and what is not safe about the server's settings.

use crate::components::PageHead;
use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::organization::UpdateOrganization;
use leptos::prelude::*;

#[component]
pub(crate) fn OrganizationSettings() -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let name = RwSignal::new(org.info.with_untracked(|info| info.name.clone()));
    let currency = RwSignal::new(org.info.with_untracked(|info| info.currency.clone()));
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = UpdateOrganization {
            name: Some(name.get_untracked()),
            currency: Some(currency.get_untracked().trim().to_uppercase()),
        };
        sending.send(calls::organization_update(&org.slug(), &body), move |info| {
            org.fetched.set(info);
            toasts.done(tr!(common.saved));
        });
    };
    view! {
        <PageHead title=tr!(common.settings).to_owned() />
        <For each=move || org.info.get().concerns key=String::clone let(concern)>
            <p class="notice wait" role="status">{concern}</p>
        </For>
        <section class="card narrow">
            <header>
                <h2>{tr!(settings.organization)}</h2>
            </header>
            <form class="in stack" on:submit=submit>
                <TextField
                    label=tr!(common.name)
                    value=name
                    problem=sending.problem("name")
                    required=true
                    maxlength="80"
                />
                <TextField
                    label=tr!(settings.currency)
                    value=currency
                    hint=tr!(settings.currency_hint)
                    problem=sending.problem("currency")
                    required=true
                    minlength="3"
                    maxlength="3"
                />
                <FormFailure sending />
                <div class="row end">
                    <Submit label=tr!(common.save).to_owned() sending />
                </div>
            </form>
        </section>
    }
}
