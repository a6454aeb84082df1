//! A person's role and what he or she may use.

use crate::components::focus;
use crate::components::form::{FormFailure, SelectField, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Listed, Sending};
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::person::{Limits, Person, UpdatePerson};
use leptos::prelude::*;

#[component]
pub(crate) fn LimitsForm(person: Person, open: RwSignal<bool>, list: Listed<Person>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let id = StoredValue::new(person.id);
    let role = RwSignal::new(person.role.to_string());
    let text = |limit: Option<String>| RwSignal::new(limit.unwrap_or_default());
    let at_once = text(person.limits.sessions_at_once.map(|limit| limit.to_string()));
    let monthly = text(person.limits.monthly.map(|limit| limit.to_string()));
    let wrong = RwSignal::new(None::<String>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(monthly) = optional(&monthly.get_untracked()) else {
            wrong.set(Some(tr!(common.no_amount).to_owned()));
            focus::first_invalid(&event);
            return;
        };
        wrong.set(None);
        let limits = Limits { sessions_at_once: at_once.get_untracked().trim().parse().ok(), monthly };
        let body =
            UpdatePerson { role: role.get_untracked().parse().ok(), limits: Some(limits), disabled: None };
        sending.send(calls::person_update(&org.slug(), &id.get_value(), &body), move |_: Person| {
            toasts.done(tr!(common.saved));
            list.first.refetch();
            open.set(false);
        });
    };
    let currency = org.info.with_untracked(|info| info.currency.clone());
    let monthly_problem = sending.problem("limits.monthly");
    view! {
        <form class="stack" on:submit=submit>
            <SelectField
                label=tr!(members.role)
                value=role
                options=words::organization_roles()
                problem=sending.problem("role")
                autofocus=true
            />
            <TextField
                label=tr!(people.at_once)
                value=at_once
                kind="number"
                hint=tr!(people.empty_no_limit)
                problem=sending.problem("limits.sessions_at_once")
                inputmode="numeric"
            />
            <TextField
                label=tr!(people.monthly_in, currency = currency)
                value=monthly
                hint=tr!(people.monthly_hint)
                problem=Signal::derive(move || wrong.get().or_else(|| monthly_problem.get()))
                inputmode="decimal"
            />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}

/// Nothing typed is no limit; what is no amount is an error.
fn optional(text: &str) -> Option<Option<Micros>> {
    if text.trim().is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}
