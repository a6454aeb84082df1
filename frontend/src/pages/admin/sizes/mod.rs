//! The sizes that sessions can have, and their prices.

mod add;
mod edit;
mod prices;
mod starters;

use crate::components::{Dialog, Empty, Loaded, PageHead};
use crate::contexts::organization::Org;
use crate::data::Fetched;
use crate::format::{money, size};
use crate::text::tr;
use add::AddTier;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::role::{Action, Object};
use atelier_api::tier::{Tier, TierUnavailable};
use edit::EditTier;
use leptos::prelude::*;
use prices::Prices;
use starters::Starters;

#[component]
pub(crate) fn Sizes() -> impl IntoView {
    let org = Org::expect();
    let adding = RwSignal::new(false);
    let tiers = Fetched::new(move || calls::tier_list(&org.slug()))
        .stale_on(org.live, |event| matches!(event, Event::TiersChanged));
    view! {
        <PageHead title=tr!(sizes.title).to_owned() note=tr!(sizes.note).to_owned()>
            <Show when=move || org.may(Object::Tier, Action::Create)>
                <button class="btn primary" on:click=move |_| adding.set(true)>
                    {tr!(sizes.add)}
                </button>
            </Show>
        </PageHead>
        <div class="card">
            <Loaded of=tiers let:list>
                <Show
                    when=move || list.with(|list| !list.is_empty())
                    fallback=|| view! { <Empty title=tr!(sizes.none) text=tr!(sizes.none_text) /> }
                >
                    <TierTable list tiers />
                </Show>
            </Loaded>
        </div>
        <Dialog open=adding title=tr!(sizes.add).to_owned()>
            <AddTier open=adding tiers />
        </Dialog>
    }
}

#[component]
fn TierTable(list: RwSignal<Vec<Tier>>, tiers: Fetched<Vec<Tier>>) -> impl IntoView {
    let chosen = RwSignal::new(None::<Tier>);
    let editing = RwSignal::new(false);
    let history = RwSignal::new(false);
    let starters = RwSignal::new(false);
    let saved = Callback::new(move |()| tiers.refetch());
    let title = move || chosen.with(|tier| tier.as_ref().map(|t| t.name.clone()).unwrap_or_default());
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(sizes.title)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(start.tier)}</th>
                        <th scope="col" class="num wide-only">{tr!(start.cpu)}</th>
                        <th scope="col" class="num wide-only">{tr!(start.memory)}</th>
                        <th scope="col" class="num">{tr!(start.per_hour)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || list.get()
                        key=|t| (t.id.clone(), t.version, t.restricted, t.unavailable.is_some())
                        let(tier)
                    >
                        <TierRow tier chosen editing history starters />
                    </For>
                </tbody>
            </table>
        </div>
        <Dialog open=editing title=Signal::derive(title)>
            {move || chosen.get().map(|tier| view! { <EditTier tier open=editing tiers /> })}
        </Dialog>
        <Dialog open=history title=Signal::derive(move || tr!(sizes.history_of, name = title()))>
            {move || chosen.get().map(|tier| view! { <Prices tier=tier.id /> })}
        </Dialog>
        <Dialog open=starters title=Signal::derive(move || tr!(sizes.starters_of, name = title()))>
            {move || chosen.get().map(|tier| view! { <Starters tier=tier.id open=starters saved /> })}
        </Dialog>
    }
}

#[component]
fn TierRow(
    tier: Tier,
    chosen: RwSignal<Option<Tier>>,
    editing: RwSignal<bool>,
    history: RwSignal<bool>,
    starters: RwSignal<bool>,
) -> impl IntoView {
    let org = Org::expect();
    let this = StoredValue::new(tier.clone());
    let too_large =
        tier.unavailable.as_ref().is_some_and(|why| !matches!(why, TierUnavailable::Restricted { .. }));
    let show = move |dialog: RwSignal<bool>| {
        chosen.set(Some(this.get_value()));
        dialog.set(true);
    };
    view! {
        <tr>
            <td>
                <b class="strong">{tier.name.clone()}</b>
                {tier
                    .archived_at
                    .map(|_| view! { " " <span class="chip">{tr!(sizes.archived)}</span> })}
                {tier.restricted.then(|| view! { " " <span class="chip">{tr!(sizes.restricted)}</span> })}
                {(too_large && tier.archived_at.is_none())
                    .then(|| view! { " " <span class="chip wait">{tr!(sizes.too_large)}</span> })}
                <p class="faint small narrow-only">{size::tier(tier.cpu_milli, tier.memory_bytes)}</p>
            </td>
            <td class="num wide-only">{size::cpu(tier.cpu_milli)}</td>
            <td class="num wide-only">{size::memory(tier.memory_bytes)}</td>
            <td class="num">{money::exact(tier.price_per_hour, &org.currency())}</td>
            <td class="num buttons">
                <button
                    class="btn quiet"
                    aria-label=tr!(sizes.history_of, name = tier.name.clone())
                    on:click=move |_| show(history)
                >
                    {tr!(sizes.history)}
                </button>
                <Show when=move || org.may(Object::Tier, Action::Update)>
                    <button
                        class="btn quiet"
                        aria-label=tr!(sizes.starters_named, name = this.with_value(|t| t.name.clone()))
                        on:click=move |_| show(starters)
                    >
                        {tr!(sizes.starters)}
                    </button>
                    <button
                        class="btn"
                        aria-label=tr!(sizes.edit_named, name = this.with_value(|t| t.name.clone()))
                        on:click=move |_| show(editing)
                    >
                        {tr!(common.edit)}
                    </button>
                </Show>
            </td>
        </tr>
    }
}
