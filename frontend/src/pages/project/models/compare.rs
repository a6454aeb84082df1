//! What versions scored and how they were made, side by side. The oldest of them is what the others are measured by.

use crate::data::in_address;
use crate::format::{list, size};
use crate::text::tr;
use atelier_api::data::DataVersion;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// `versions` are those that can be chosen; `?versions=` names others beside the two.
#[component]
pub(crate) fn CompareFacts(
    versions: Signal<Vec<DataVersion>>,
    older: Memo<i64>,
    newer: Memo<i64>,
) -> impl IntoView {
    let others = in_address("versions");
    let shown = Memo::new(move |_| -> Vec<DataVersion> {
        let mut numbers: BTreeSet<i64> =
            others.with(|others| others.split(',').filter_map(|word| word.parse().ok()).collect());
        numbers.extend([older.get(), newer.get()]);
        let mut shown: Vec<DataVersion> =
            versions.with(|all| all.iter().filter(|v| numbers.contains(&v.number)).cloned().collect());
        shown.sort_by_key(|version| version.number);
        shown
    });
    let says_something = move || {
        shown.with(|all| {
            all.iter().any(|v| {
                !(v.metrics.is_empty() && v.parameters.is_empty() && v.provenance.datasets.is_empty())
            })
        })
    };
    view! {
        <Show when=says_something>
            <section class="card">
                <div class="scroll" tabindex="0" role="region" aria-label=tr!(models.scores)>
                    {move || table(&shown.get())}
                </div>
            </section>
        </Show>
    }
}

fn table(versions: &[DataVersion]) -> impl IntoView + use<> {
    let heads = versions
        .iter()
        .map(|version| {
            view! {
                <th scope="col" class="num">
                    {format!("v{}", version.number)}
                </th>
            }
        })
        .collect_view();
    let metrics: BTreeSet<&String> = versions.iter().flat_map(|version| version.metrics.keys()).collect();
    let metrics = metrics
        .into_iter()
        .map(|name| {
            let values: Vec<Option<f64>> = versions.iter().map(|v| v.metrics.get(name).copied()).collect();
            let first = values.first().copied().flatten();
            let cells =
                values.into_iter().enumerate().map(|(at, value)| cell(value, first, at)).collect_view();
            row(name.clone(), cells.into_any())
        })
        .collect_view();
    let parameters: BTreeSet<&String> =
        versions.iter().flat_map(|version| version.parameters.keys()).collect();
    let parameters = parameters
        .into_iter()
        .map(|name| {
            let text = |version: &DataVersion| version.parameters.get(name).cloned().unwrap_or_default();
            row(name.clone(), texts(versions.iter().map(text).collect()))
        })
        .collect_view();
    let inputs = |version: &DataVersion| {
        let all = version.provenance.datasets.iter();
        list::and(&all.map(|input| format!("{} v{}", input.dataset, input.number)).collect::<Vec<_>>())
    };
    let inputs: Vec<String> = versions.iter().map(inputs).collect();
    let inputs = inputs
        .iter()
        .any(|text| !text.is_empty())
        .then(|| row(tr!(models.datasets).to_owned(), texts(inputs)));
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{tr!(models.fact)}</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{metrics} {parameters} {inputs}</tbody>
        </table>
    }
}

fn row(name: String, cells: AnyView) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{name}</th>
            {cells}
        </tr>
    }
}

/// A score, and by how much it differs from the first one's.
fn cell(value: Option<f64>, first: Option<f64>, at: usize) -> impl IntoView {
    let difference = value.zip(first).filter(|_| at > 0).map(|(value, first)| {
        let by = value - first;
        let sign = if by < 0.0 { "−" } else { "+" };
        if by == 0.0 { "=".to_owned() } else { format!("{sign}{}", size::figure(by.abs())) }
    });
    view! {
        <td class="num">
            {value.map(size::figure)}
            {difference.map(|text| view! { <div class="small faint">{text}</div> })}
        </td>
    }
}

fn texts(values: Vec<String>) -> AnyView {
    values.into_iter().map(|text| view! { <td class="num">{text}</td> }).collect_view().into_any()
}
