//! Datasets in use: what is in the newest version of each.

use super::dataset::From;
use super::labels::Labels;
use crate::contexts::clock::Clock;
use crate::contexts::project::Proj;
use crate::format::{size, time};
use crate::text::tr;
use atelier_api::dataset::Dataset;
use leptos::prelude::*;

#[component]
pub(super) fn DatasetTable(datasets: Signal<Vec<Dataset>>) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(data.title)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(data.dataset)}</th>
                        <th scope="col">{tr!(data.newest)}</th>
                        <th scope="col" class="num">{tr!(data.size)}</th>
                        <th scope="col" class="num wide-only">{tr!(data.files)}</th>
                        <th scope="col" class="wide-only">{tr!(data.who)}</th>
                        <th scope="col" class="num wide-only">{tr!(data.when)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || datasets.get() key=shown let(dataset)>
                        <DatasetRow dataset />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// A row is made anew when anything that it shows changes.
fn shown(dataset: &Dataset) -> impl Eq + std::hash::Hash + use<> {
    let Dataset { slug, name, description, labels, latest, shared_from, .. } = dataset.clone();
    let latest = latest.map(|latest| (latest.number, latest.tags));
    let shared_from = shared_from.map(|from| (from.project_name, from.access));
    (slug, name, description, labels, latest, shared_from)
}

#[component]
fn DatasetRow(dataset: Dataset) -> impl IntoView {
    let project = Proj::expect();
    let clock = Clock::expect();
    let Dataset { slug, name, description, labels, created_by, created_at, latest, shared_from, .. } =
        dataset;
    let at = latest.as_ref().map_or(created_at, |latest| latest.created_at);
    let ago = Memo::new(move |_| time::ago(at, clock.now()));
    let who = latest.as_ref().map_or(created_by, |latest| latest.author_name.clone());
    let size = latest.as_ref().map(|latest| size::bytes(latest.bytes));
    let files = latest.as_ref().map(|latest| size::number(latest.files as f64, 0));
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
                    <a class="strong" href=project.at(&format!("/data/{slug}"))>
                        {name}
                    </a>
                    <From of=shared_from />
                    <Labels labels />
                </div>
                <p class="faint small clip">{description}</p>
            </td>
            <td>{newest}</td>
            <td class="num">{size}</td>
            <td class="num wide-only">{files}</td>
            <td class="wide-only">{who}</td>
            <td class="num muted wide-only">{ago}</td>
        </tr>
    }
}
