//! Spending by person, the largest first unless one sorts otherwise.

use super::Drill;
use crate::components::{Empty, Gauge, Order, SortHead};
use crate::contexts::organization::Org;
use crate::format::size::percent_of;
use crate::format::time;
use crate::text::tr;
use atelier_api::billing::PersonSpend;
use leptos::prelude::*;

/// With `show`, each row leads to the rows of the ledger behind it.
#[component]
pub(crate) fn PersonTable(
    people: Signal<Vec<PersonSpend>>,
    #[prop(optional)] show: Option<Callback<Drill>>,
) -> impl IntoView {
    let order = RwSignal::new(Order { column: 2, descending: true });
    let sorted = move || {
        let (mut people, order) = (people.get(), order.get());
        people.sort_by(|a, b| {
            order.of(match order.column {
                0 => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
                1 => a.milliseconds.cmp(&b.milliseconds),
                3 => a.monthly_limit.cmp(&b.monthly_limit),
                _ => a.total.cmp(&b.total),
            })
        });
        people
    };
    view! {
        <Show
            when=move || people.with(|people| !people.is_empty())
            fallback=|| view! { <Empty title=tr!(cost.no_rows_title) text=tr!(cost.no_rows_text) /> }
        >
            <div class="scroll" tabindex="0" role="region" aria-label=tr!(cost.by_person)>
                <table>
                    <thead>
                        <tr>
                            <SortHead label=tr!(cost.person) column=0 order />
                            <SortHead label=tr!(cost.time) column=1 order figures=true />
                            <SortHead label=tr!(cost.total) column=2 order figures=true />
                            <th scope="col" class="wide-only">{tr!(cost.of_month)}</th>
                            <SortHead label=tr!(cost.limit) column=3 order figures=true wide_only=true />
                            <Show when=move || show.is_some()>
                                <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                            </Show>
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=sorted
                            key=|p| (p.person.clone(), p.total, p.milliseconds, p.monthly_limit)
                            let(person)
                        >
                            <PersonRow person show />
                        </For>
                    </tbody>
                </table>
            </div>
        </Show>
    }
}

#[component]
fn PersonRow(person: PersonSpend, #[prop(optional_no_strip)] show: Option<Callback<Drill>>) -> impl IntoView {
    let org = Org::expect();
    let name = person.name.clone();
    let gauge = person.monthly_limit.map(|limit| {
        let percent = percent_of(person.total.0, limit.0);
        view! { <Gauge percent label=tr!(cost.used_of_limit).to_owned() /> }
    });
    let drill = StoredValue::new(Drill::Person(person.person));
    view! {
        <tr>
            <td>
                <b class="strong">{person.name}</b>
                <p class="faint small">{person.email}</p>
            </td>
            <td class="num nowrap">{time::duration(person.milliseconds)}</td>
            <td class="num">
                <b>{org.money(person.total)}</b>
            </td>
            <td class="wide-only">{gauge}</td>
            <td class="num wide-only">
                {person.monthly_limit.map_or_else(|| "–".to_owned(), |limit| org.money(limit))}
            </td>
            {show
                .map(|show| {
                    view! {
                        <td class="num">
                            <button
                                class="btn quiet small"
                                aria-label=tr!(cost.rows_of, name = name)
                                on:click=move |_| show.run(drill.get_value())
                            >
                                {tr!(cost.rows_button)}
                            </button>
                        </td>
                    }
                })}
        </tr>
    }
}
