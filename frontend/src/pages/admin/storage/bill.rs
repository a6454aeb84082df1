//! The ledger of storage: what each project cost on each day.

use crate::components::{Empty, Loaded, MonthPicker, ShowMore};
use crate::contexts::organization::Org;
use crate::data::{Listed, in_address};
use crate::format::{money, size, time};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::storage::{StorageDay, StorageDayFilter};
use leptos::prelude::*;

#[component]
pub(super) fn Bill() -> impl IntoView {
    let org = Org::expect();
    let month = in_address("month");
    let list = Listed::new(move |cursor| {
        let month = Some(month.get()).filter(|month| !month.is_empty());
        calls::storage_day_list(&org.slug(), &StorageDayFilter { month, project: None, cursor })
    });
    list.first.stale_on(org.live, |event| matches!(event, Event::SpendChanged));
    view! {
        <section class="card">
            <header>
                <h2>{tr!(storage.bill)}</h2>
                <MonthPicker month />
            </header>
            <Loaded of=list.first let:first>
                <Show
                    when=move || first.with(|page| !page.items.is_empty())
                    fallback=|| {
                        view! { <Empty title=tr!(storage.no_days) text=tr!(storage.no_days_text) /> }
                    }
                >
                    <div class="scroll" tabindex="0" role="region" aria-label=tr!(storage.bill)>
                        <table class="dense">
                            <thead>
                                <tr>
                                    <th scope="col">{tr!(storage.day)}</th>
                                    <th scope="col">{tr!(cost.project)}</th>
                                    <th scope="col" class="num">{tr!(storage.stored)}</th>
                                    <th scope="col" class="num wide-only">{tr!(storage.per_gb_month)}</th>
                                    <th scope="col" class="num">{tr!(cost.cost)}</th>
                                </tr>
                            </thead>
                            <tbody>
                                <For
                                    each=move || list.items(&first.get())
                                    key=|day| (day.day, day.project.clone())
                                    let(day)
                                >
                                    <DayRow day />
                                </For>
                            </tbody>
                        </table>
                    </div>
                    <ShowMore list />
                </Show>
            </Loaded>
        </section>
    }
}

#[component]
fn DayRow(day: StorageDay) -> impl IntoView {
    let currency = Org::expect().currency();
    view! {
        <tr>
            <td class="nowrap">{time::bill_day(day.day)}</td>
            <td class="named">{day.project_name}</td>
            <td class="num nowrap">{size::bytes(day.bytes)}</td>
            <td class="num wide-only">{money::exact(day.price_per_gb_month, &currency)}</td>
            <td class="num">{money::aligned(day.cost, &currency)}</td>
        </tr>
    }
}
