//! Datasets in the trash: until when, and the way back.

use crate::contexts::clock::Clock;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::format::time;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::dataset::Dataset;
use atelier_api::role::Action;
use leptos::prelude::*;

#[component]
pub(super) fn TrashTable(datasets: Signal<Vec<Dataset>>) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(data.in_trash)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(data.dataset)}</th>
                        <th scope="col" class="wide-only">{tr!(data.deleted)}</th>
                        <th scope="col">{tr!(data.forgotten)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || datasets.get() key=|dataset| (dataset.id.clone(), dataset.name.clone()) let(dataset)>
                        <TrashRow dataset />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn TrashRow(dataset: Dataset) -> impl IntoView {
    let project = Proj::expect();
    let clock = Clock::expect();
    let Dataset { slug, name, description, trashed_at, removed_at, permissions, .. } = dataset;
    let ago = Memo::new(move |_| trashed_at.map(|at| time::ago(at, clock.now())));
    let may = permissions.contains(&Action::Delete);
    let address = project.at(&format!("/data/{slug}"));
    view! {
        <tr>
            <td>
                <a class="strong" href=address>
                    {name.clone()}
                </a>
                <p class="faint small clip">{description}</p>
            </td>
            <td class="muted nowrap wide-only">{ago}</td>
            <td class="muted nowrap">{removed_at.map(time::date)}</td>
            <td class="num">{may.then(|| view! { <Recover slug name /> })}</td>
        </tr>
    }
}

/// The way out of the trash.
#[component]
pub(super) fn Recover(slug: String, name: String) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let label = tr!(data.recover_named, name = name.clone());
    let recover = move |_| {
        let name = name.clone();
        let call = calls::dataset_recover(&project.org.slug(), &project.slug(), &slug);
        sending.act(call, toasts, move |_| toasts.done(tr!(data.recovered, name = name)));
    };
    view! {
        <button
            class="btn"
            aria-label=label
            aria-disabled=move || sending.busy().get().then_some("true")
            on:click=recover
        >
            {tr!(data.recover)}
        </button>
    }
}
