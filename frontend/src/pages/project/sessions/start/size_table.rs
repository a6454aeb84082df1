//! Which size: CPU, memory, price, how long this month's money lasts. What the host cannot hold is said.

use crate::contexts::project::Proj;
use crate::format::{list, size};
use crate::text::tr;
use atelier_api::session::StartOptions;
use atelier_api::tier::{Tier, TierUnavailable};
use leptos::prelude::*;

#[component]
pub(crate) fn SizeTable(options: RwSignal<StartOptions>, tier: RwSignal<String>) -> impl IntoView {
    let limited = move || options.with(|o| o.monthly_limit.is_some());
    let rows = move || {
        options.get().tiers.into_iter().map(|t| view! { <SizeRow options tier this=t /> }).collect_view()
    };
    view! {
        <fieldset>
            <legend>{tr!(start.size)}</legend>
            <div class="card scroll" tabindex="0" role="region" aria-label=tr!(start.size)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{tr!(start.tier)}</th>
                            <th scope="col" class="num">{tr!(start.cpu)}</th>
                            <th scope="col" class="num">{tr!(start.memory)}</th>
                            <th scope="col" class="num">{tr!(start.per_hour)}</th>
                            <Show when=limited>
                                <th scope="col" class="num wide-only">{tr!(start.lasts)}</th>
                            </Show>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </fieldset>
    }
}

#[component]
fn SizeRow(options: RwSignal<StartOptions>, tier: RwSignal<String>, this: Tier) -> impl IntoView {
    let org = Proj::expect().org;
    let id = StoredValue::new(this.id.clone());
    let chosen = Memo::new(move |_| tier.with(|tier| id.with_value(|id| tier == id)));
    let impossible = this.unavailable.is_some();
    let choose = move || {
        if !impossible {
            tier.set(id.get_value());
        }
    };
    let why = this.unavailable.as_ref().map(why_not);
    let price = this.price_per_hour;
    let lasts = move || {
        options.with(|o| {
            let left = (o.monthly_limit?.0 - o.spent_this_month.0).max(0);
            (price.0 > 0).then(|| tr!(common.hours, n = size::number((left / price.0) as f64, 0)))
        })
    };
    view! {
        <tr class="choice" class:on=chosen class:off=impossible on:click=move |_| choose()>
            <td>
                <label class="row">
                    <input
                        type="radio"
                        name="tier"
                        prop:checked=chosen
                        disabled=impossible
                        on:change=move |_| choose()
                    />
                    <span class="row wrap tight">
                        <span class="strong">{this.name}</span>
                        {why.map(|why| view! { <span class="chip">{why}</span> })}
                    </span>
                </label>
            </td>
            <td class="num">{size::cpu(this.cpu_milli)}</td>
            <td class="num">{size::memory(this.memory_bytes)}</td>
            <td class="num">{org.money(price)}</td>
            <Show when=move || options.with(|o| o.monthly_limit.is_some())>
                <td class="num nowrap wide-only">{lasts}</td>
            </Show>
        </tr>
    }
}

fn why_not(why: &TierUnavailable) -> String {
    match why {
        TierUnavailable::Cpu { host_milli } => tr!(start.no_cpu, n = size::cpu(*host_milli)),
        TierUnavailable::Memory { host_bytes } => tr!(start.no_memory, n = size::memory(*host_bytes)),
        TierUnavailable::Restricted { ask } => tr!(start.restricted, people = list::or(ask)),
        TierUnavailable::Unknown => tr!(start.no_answer).to_owned(),
    }
}
