//! Spending by person, the largest first.

use super::Drill;
use crate::components::{Empty, Gauge};
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
    let sorted = move || {
        let mut people = people.get();
        people.sort_by_key(|p| std::cmp::Reverse(p.total));
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
                            <th scope="col">{tr!(cost.person)}</th>
                            <th scope="col" class="num">{tr!(cost.time)}</th>
                            <th scope="col" class="num">{tr!(cost.total)}</th>
                            <th scope="col">{tr!(cost.of_month)}</th>
                            <th scope="col" class="num">{tr!(cost.limit)}</th>
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
    let drill = Drill { person: Some((person.person, person.name.clone())), project: None };
    let drill = StoredValue::new(drill);
    view! {
        <tr>
            <td>
                <b class="strong">{person.name}</b>
                " "
                <span class="faint small">{person.email}</span>
            </td>
            <td class="num nowrap">{time::duration(person.milliseconds)}</td>
            <td class="num">
                <b>{org.money(person.total)}</b>
            </td>
            <td>{gauge}</td>
            <td class="num">
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
