//! A person's role and what he or she may use.

use crate::components::focus;
use crate::components::form::{FormFailure, SelectField, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Listed, Sending, Typed};
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::page::Page;
use atelier_api::person::{Limits, Person, UpdatePerson};
use leptos::prelude::*;

#[component]
pub(crate) fn LimitsForm(person: Person, open: RwSignal<bool>, list: Listed<Person>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let version = StoredValue::new(person.version);
    let role = Typed::over(person.role.to_string());
    let (at_once, monthly) = (Typed::over(at_once(&person)), Typed::over(monthly(&person)));
    let (id, email) = (StoredValue::new(person.id), StoredValue::new(person.email));
    let wrong = RwSignal::new(None::<String>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(monthly) = optional(&monthly.value.get_untracked()) else {
            wrong.set(Some(tr!(common.no_amount).to_owned()));
            focus::first_invalid(&event);
            return;
        };
        wrong.set(None);
        let limits = Limits { sessions_at_once: at_once.value.get_untracked().trim().parse().ok(), monthly };
        let body = UpdatePerson {
            role: role.value.get_untracked().parse().ok(),
            limits: Some(limits),
            disabled: None,
        };
        let call = calls::person_update(&org.slug(), &id.get_value(), &body);
        sending.send(call.unless_changed(version.get_value()), move |_: Person| {
            toasts.done(tr!(common.saved));
            list.first.refetch();
            open.set(false);
        });
    };
    let renew = Callback::new(move |()| {
        let call = calls::person_list(&org.slug(), Some(&email.get_value()), None);
        sending.send(call, move |found: Page<Person>| {
            if let Some(newer) = found.items.into_iter().find(|person| person.id == id.get_value()) {
                version.set_value(newer.version);
                role.renew(newer.role.to_string());
                at_once.renew(self::at_once(&newer));
                monthly.renew(self::monthly(&newer));
            }
        });
    });
    let currency = org.info.with_untracked(|info| info.currency.clone());
    let monthly_problem = sending.problem("limits.monthly");
    view! {
        <form class="stack" on:submit=submit>
            <SelectField
                label=tr!(members.role)
                value=role.value
                options=words::organization_roles()
                problem=sending.problem("role")
                autofocus=true
            />
            <TextField
                label=tr!(people.at_once)
                value=at_once.value
                kind="number"
                hint=tr!(people.empty_no_limit)
                problem=sending.problem("limits.sessions_at_once")
                inputmode="numeric"
            />
            <TextField
                label=tr!(people.monthly_in, currency = currency)
                value=monthly.value
                hint=tr!(people.monthly_hint)
                problem=Signal::derive(move || wrong.get().or_else(|| monthly_problem.get()))
                inputmode="decimal"
            />
            <FormFailure sending renew />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}

fn at_once(person: &Person) -> String {
    person.limits.sessions_at_once.map(|limit| limit.to_string()).unwrap_or_default()
}

fn monthly(person: &Person) -> String {
    person.limits.monthly.map(|limit| limit.to_string()).unwrap_or_default()
}

/// Nothing typed is no limit; what is no amount is an error.
fn optional(text: &str) -> Option<Option<Micros>> {
    if text.trim().is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}
