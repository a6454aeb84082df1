//! What the versions of a model scored, beside each other; some of them can be chosen to be compared.

use crate::components::{Order, SortHead};
use crate::contexts::dataset::Ds;
use crate::format::size;
use crate::pages::project::data::dataset::Tags;
use crate::text::tr;
use atelier_api::data::DataVersion;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Nothing as long as no version scored anything.
#[component]
pub(crate) fn Scores(versions: Signal<Vec<DataVersion>>) -> impl IntoView {
    let model = Ds::expect();
    let order = RwSignal::new(Order { column: 0, descending: true });
    let chosen = RwSignal::new(BTreeSet::<i64>::new());
    let kept = Memo::new(move |_| -> Vec<DataVersion> {
        versions.with(|all| all.iter().filter(|version| version.trashed_at.is_none()).cloned().collect())
    });
    let metrics = Memo::new(move |_| -> Vec<String> {
        let all =
            kept.with(|kept| kept.iter().flat_map(|v| v.metrics.keys().cloned()).collect::<BTreeSet<_>>());
        all.into_iter().collect()
    });
    let sorted = move || {
        let (mut rows, order, metrics) = (kept.get(), order.get(), metrics.get());
        let metric = order.column.checked_sub(1).and_then(|at| metrics.get(at));
        rows.sort_by(|one, other| match metric {
            None => order.of(one.number.cmp(&other.number)),
            Some(name) => match (one.metrics.get(name), other.metrics.get(name)) {
                (Some(one), Some(other)) => order.of(one.total_cmp(other)),
                // What has no such score comes last, whichever way.
                (one, other) => other.is_some().cmp(&one.is_some()),
            },
        });
        rows
    };
    let heads = move || {
        let head = |(at, name): (usize, String)| {
            view! { <SortHead label=name column=at + 1 order figures=true /> }
        };
        metrics.get().into_iter().enumerate().map(head).collect_view()
    };
    view! {
        <Show when=move || metrics.with(|metrics| !metrics.is_empty())>
            <div class="row between wrap above-table">
                <p class="muted small">{tr!(models.choose)}</p>
                <CompareChosen model chosen />
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label=tr!(models.scores)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">
                                <span class="sr-only">{tr!(models.chosen)}</span>
                            </th>
                            <SortHead label=tr!(models.version) column=0 order />
                            {heads}
                        </tr>
                    </thead>
                    <tbody>
                        <For each=sorted key=|v| (v.number, v.tags.clone()) let(version)>
                            <ScoreRow version metrics chosen />
                        </For>
                    </tbody>
                </table>
            </div>
        </Show>
    }
}

#[component]
fn ScoreRow(
    version: DataVersion,
    metrics: Memo<Vec<String>>,
    chosen: RwSignal<BTreeSet<i64>>,
) -> impl IntoView {
    let model = Ds::expect();
    let DataVersion { number, tags, metrics: scored, .. } = version;
    let label = tr!(models.choose_version, number = number);
    let choose = move |event| {
        chosen.update(|chosen| match event_target_checked(&event) {
            true => drop(chosen.insert(number)),
            false => drop(chosen.remove(&number)),
        });
    };
    let cells = move || {
        let cell =
            |name: String| view! { <td class="num">{scored.get(&name).copied().map(size::figure)}</td> };
        metrics.get().into_iter().map(cell).collect_view()
    };
    view! {
        <tr>
            <td>
                <input
                    type="checkbox"
                    aria-label=label
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&number))
                    on:change=choose
                />
            </td>
            <td>
                <div class="row wrap tight">
                    <a class="strong" href=model.at(&format!("/v{number}"))>
                        {format!("v{number}")}
                    </a>
                    <Tags tags />
                </div>
            </td>
            {cells}
        </tr>
    }
}

/// The way to the comparison, once there are two.
#[component]
fn CompareChosen(model: Ds, chosen: RwSignal<BTreeSet<i64>>) -> impl IntoView {
    let address = move || {
        chosen.with(|chosen| {
            let (first, last) = (chosen.first()?, chosen.last()?);
            let all: Vec<String> = chosen.iter().map(ToString::to_string).collect();
            let query = format!("/compare?from={first}&to={last}&versions={}", all.join(","));
            (first != last).then(|| model.at(&query))
        })
    };
    move || match address() {
        Some(address) => view! {
            <a class="btn small" href=address>
                {tr!(models.compare, count = chosen.with(BTreeSet::len) as i64)}
            </a>
        }
        .into_any(),
        None => ().into_any(),
    }
}
