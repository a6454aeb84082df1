//! Models in use: the newest version of each, and what it scored.

use crate::components::{Order, SortHead};
use crate::contexts::clock::Clock;
use crate::contexts::project::Proj;
use crate::format::{size, time};
use crate::pages::project::data::labels::Labels;
use crate::text::tr;
use atelier_api::artifact::Artifact;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Columns by which it can be sorted.
const NAME: usize = 0;
const SCORE: usize = 1;
const WHEN: usize = 2;

/// `metric` is the one that is shown.
#[component]
pub(super) fn ModelTable(models: Signal<Vec<Artifact>>, metric: RwSignal<String>) -> impl IntoView {
    let order = RwSignal::new(Order { column: NAME, descending: false });
    let known = Memo::new(move |_| -> BTreeSet<String> {
        let names = |model: &Artifact| model.latest.iter().flat_map(|v| v.metrics.keys().cloned()).collect();
        models.with(|models| models.iter().flat_map(|model| -> Vec<String> { names(model) }).collect())
    });
    let shown =
        Memo::new(move |_| {
            let chosen = metric.get();
            known.with(|known| {
                if known.contains(&chosen) { chosen } else { known.first().cloned().unwrap_or_default() }
            })
        });
    let sorted = move || {
        let (mut models, order, metric) = (models.get(), order.get(), shown.get());
        models.sort_by(|one, other| match order.column {
            SCORE => match (score(one, &metric), score(other, &metric)) {
                (Some(one), Some(other)) => order.of(one.total_cmp(&other)),
                // What has no such score comes last, whichever way.
                (one, other) => other.is_some().cmp(&one.is_some()),
            },
            WHEN => order.of(changed(one).cmp(&changed(other))),
            _ => order.of(name(one).cmp(&name(other))),
        });
        models.into_iter().map(|model| (metric.clone(), model)).collect::<Vec<_>>()
    };
    let choice = move || {
        let option = |name: String| {
            let selected = shown.with(|shown| *shown == name);
            view! {
                <option value=name.clone() selected=selected>
                    {name.clone()}
                </option>
            }
        };
        known.get().into_iter().map(option).collect_view()
    };
    view! {
        <Show when=move || known.with(|known| known.len() > 1)>
            <header>
                <label class="row tight">
                    <span class="muted small">{tr!(models.metric)}</span>
                    <select class="input" on:change=move |event| metric.set(event_target_value(&event))>
                        {choice}
                    </select>
                </label>
            </header>
        </Show>
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(models.title)>
            <table>
                <thead>
                    <tr>
                        <SortHead label=tr!(models.model) column=NAME order />
                        <th scope="col">{tr!(data.newest)}</th>
                        {move || {
                            let metric = Some(shown.get()).filter(|name| !name.is_empty());
                            metric.map(|name| view! { <SortHead label=name column=SCORE order figures=true /> })
                        }}
                        <th scope="col" class="wide-only">{tr!(data.who)}</th>
                        <SortHead label=tr!(data.when) column=WHEN order figures=true wide_only=true />
                    </tr>
                </thead>
                <tbody>
                    <For each=sorted key=row_key let((metric, model))>
                        <ModelRow metric model />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

fn score(model: &Artifact, metric: &str) -> Option<f64> {
    model.latest.as_ref()?.metrics.get(metric).copied()
}

fn changed(model: &Artifact) -> i64 {
    model.latest.as_ref().map_or(model.created_at, |latest| latest.created_at)
}

fn name(model: &Artifact) -> (String, &str) {
    (model.name.to_lowercase(), &model.id)
}

/// A row is made anew when anything that it shows changes.
fn row_key((metric, model): &(String, Artifact)) -> impl Eq + std::hash::Hash + use<> {
    let Artifact { slug, name, description, labels, latest, .. } = model.clone();
    (metric.clone(), slug, name, description, labels, latest.map(|latest| (latest.number, latest.tags)))
}

#[component]
fn ModelRow(metric: String, model: Artifact) -> impl IntoView {
    let project = Proj::expect();
    let clock = Clock::expect();
    let at = changed(&model);
    let ago = Memo::new(move |_| time::ago(at, clock.now()));
    let value = score(&model, &metric).map(size::figure);
    let Artifact { slug, name, description, labels, created_by, latest, .. } = model;
    let who = latest.as_ref().map_or(created_by, |latest| latest.author_name.clone());
    let newest = match latest {
        Some(latest) => view! {
            <div class="row wrap tight">
                <span class="chip blue">{format!("v{}", latest.number)}</span>
                <Labels labels=latest.tags />
            </div>
        }
        .into_any(),
        None => view! { <span class="faint">{tr!(data.no_version)}</span> }.into_any(),
    };
    view! {
        <tr>
            <td>
                <div class="row wrap tight">
                    <a class="strong" href=project.at(&format!("/models/{slug}"))>
                        {name}
                    </a>
                    <Labels labels />
                </div>
                <p class="faint small clip">{description}</p>
            </td>
            <td>{newest}</td>
            {(!metric.is_empty()).then(|| view! { <td class="num">{value}</td> })}
            <td class="wide-only">{who}</td>
            <td class="num muted wide-only">{ago}</td>
        </tr>
    }
}
