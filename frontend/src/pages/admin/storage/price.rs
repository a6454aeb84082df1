//! The price that holds from now on, and those that held before.

use crate::components::form::{FormFailure, Submit, TextField};
use crate::components::{Empty, Loaded, focus};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::{money, time};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::storage::{StorageReport, UpdateStorage};
use leptos::prelude::*;

#[component]
pub(super) fn SetPrice(
    price: Micros,
    open: RwSignal<bool>,
    fetched: Fetched<StorageReport>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let value = RwSignal::new(price.to_string());
    let wrong = RwSignal::new(None::<String>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(price_per_gb_month) = value.get_untracked().parse::<Micros>() else {
            wrong.set(Some(tr!(common.no_amount).to_owned()));
            focus::first_invalid(&event);
            return;
        };
        wrong.set(None);
        let call = calls::storage_update(&org.slug(), &UpdateStorage { price_per_gb_month });
        sending.send(call, move |report| {
            toasts.done(tr!(common.saved));
            fetched.set(report);
            open.set(false);
        });
    };
    let said = sending.problem("price_per_gb_month");
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label=tr!(storage.price_in, currency = org.currency())
                value
                hint=tr!(storage.price_hint)
                problem=Signal::derive(move || wrong.get().or_else(|| said.get()))
                inputmode="decimal"
                required=true
                autofocus=true
            />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}

#[component]
pub(super) fn Prices() -> impl IntoView {
    let org = Org::expect();
    let prices = Fetched::new(move || calls::storage_price_list(&org.slug()))
        .stale_on(org.live, |event| matches!(event, atelier_api::event::Event::SpendChanged));
    view! {
        <Loaded of=prices let:prices>
            <Show
                when=move || prices.with(|prices| !prices.is_empty())
                fallback=|| view! { <Empty title=tr!(storage.no_price) text=tr!(storage.no_price_text) /> }
            >
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{tr!(sizes.since)}</th>
                            <th scope="col">{tr!(sizes.set_by)}</th>
                            <th scope="col" class="num">{tr!(storage.per_gb_month)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || prices.get() key=|price| (price.since, price.price_per_gb_month) let(price)>
                            <tr>
                                <td>{time::moment(price.since)}</td>
                                <td>{price.set_by}</td>
                                <td class="num">{money::exact(price.price_per_gb_month, &org.currency())}</td>
                            </tr>
                        </For>
                    </tbody>
                </table>
            </Show>
        </Loaded>
    }
}
