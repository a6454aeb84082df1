//! A new size.

use crate::components::focus;
use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::tier::{CreateTier, Tier};
use leptos::prelude::*;

const GIB: i64 = 1_073_741_824;

#[component]
pub(crate) fn AddTier(open: RwSignal<bool>, tiers: Fetched<Vec<Tier>>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let empty = || RwSignal::new(String::new());
    let (name, cpu, memory, price) = (empty(), empty(), empty(), empty());
    let wrong = RwSignal::new(None::<&'static str>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(cpu_milli) = thousandths(&cpu.get_untracked()) else {
            wrong.set(Some("cpu_milli"));
            focus::first_invalid(&event);
            return;
        };
        let Some(memory) = thousandths(&memory.get_untracked()) else {
            wrong.set(Some("memory_bytes"));
            focus::first_invalid(&event);
            return;
        };
        let Ok(price_per_hour) = price.get_untracked().parse::<Micros>() else {
            wrong.set(Some("price_per_hour"));
            focus::first_invalid(&event);
            return;
        };
        wrong.set(None);
        let memory_bytes = i64::try_from(i128::from(memory) * i128::from(GIB) / 1000).unwrap_or(i64::MAX);
        let body = CreateTier { name: name.get_untracked(), cpu_milli, memory_bytes, price_per_hour };
        sending.send(calls::tier_create(&org.slug(), &body), move |_: Tier| {
            toasts.done(tr!(common.saved));
            tiers.refetch();
            open.set(false);
        });
    };
    let problem = move |field: &'static str| {
        let said = sending.problem(field);
        Signal::derive(move || {
            let here = wrong.get() == Some(field);
            here.then(|| tr!(common.no_number).to_owned()).or_else(|| said.get())
        })
    };
    let currency = org.info.with_untracked(|info| info.currency.clone());
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
            <TextField
                label=tr!(start.cpu)
                value=cpu
                hint=tr!(sizes.cpu_hint)
                problem=problem("cpu_milli")
                inputmode="decimal"
                required=true
            />
            <TextField
                label=tr!(sizes.memory_in_gb)
                value=memory
                problem=problem("memory_bytes")
                inputmode="decimal"
                required=true
            />
            <TextField
                label=tr!(sizes.price_in, currency = currency)
                value=price
                problem=problem("price_per_hour")
                inputmode="decimal"
                required=true
            />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(sizes.add).to_owned() sending />
            </div>
        </form>
    }
}

/// `0.5` is 500.
fn thousandths(text: &str) -> Option<i64> {
    text.parse::<Micros>().ok().map(|amount| amount.0 / 1000)
}
