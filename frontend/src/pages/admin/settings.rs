//! The organization's name and currency, and what is not safe about the server's settings.

use crate::components::form::TextField;
use crate::components::{NotYours, PageHead, SettingsForm};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Sending, Typed};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::organization::UpdateOrganization;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn OrganizationSettings() -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let version = StoredValue::new(org.info.with_untracked(|info| info.version));
    let name = Typed::over(org.info.with_untracked(|info| info.name.clone()));
    let currency = Typed::over(org.info.with_untracked(|info| info.currency.clone()));
    let sending = Sending::new();
    let save = Callback::new(move |()| {
        let body = UpdateOrganization {
            name: Some(name.value.get_untracked()),
            currency: Some(currency.value.get_untracked().trim().to_uppercase()),
        };
        let call = calls::organization_update(&org.slug(), &body).unless_changed(version.get_value());
        sending.send(call, move |info| {
            version.set_value(info.version);
            org.fetched.set(info);
            toasts.done(tr!(common.saved));
        });
    });
    let renew = Callback::new(move |()| {
        sending.send(calls::organization_get(&org.slug()), move |newer| {
            version.set_value(newer.version);
            name.renew(newer.name.clone());
            currency.renew(newer.currency.clone());
            org.fetched.set(newer);
        });
    });
    view! {
        <PageHead title=tr!(common.settings).to_owned() />
        <For each=move || org.info.get().concerns key=String::clone let(concern)>
            <p class="notice wait" role="status">{concern}</p>
        </For>
        <Show when=move || org.may(Object::Organization, Action::Update) fallback=|| view! { <NotYours /> }>
            <SettingsForm title=tr!(settings.organization) name sending save renew>
                <TextField
                    label=tr!(settings.currency)
                    value=currency.value
                    hint=tr!(settings.currency_hint)
                    problem=sending.problem("currency")
                    required=true
                    minlength="3"
                    maxlength="3"
                />
            </SettingsForm>
        </Show>
    }
}
