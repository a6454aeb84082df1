//! What the projects store, how much they may, and what it costs.

mod bill;
mod price;
mod projects;
mod quota;

use crate::components::{Dialog, Figure, Loaded, PageHead};
use crate::contexts::organization::Org;
use crate::data::Fetched;
use crate::format::{money, size};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::role::{Action, Object};
use atelier_api::storage::StorageReport;
use bill::Bill;
use leptos::prelude::*;
use price::{Prices, SetPrice};
use projects::ProjectTable;

#[component]
pub(crate) fn Storage() -> impl IntoView {
    let org = Org::expect();
    let (pricing, history) = (RwSignal::new(false), RwSignal::new(false));
    let report = Fetched::new(move || calls::storage_report(&org.slug())).stale_on(org.live, |event| {
        matches!(event, Event::SpendChanged | Event::DatasetsChanged { .. } | Event::ProjectsChanged)
    });
    view! {
        <PageHead title=tr!(storage.title).to_owned() note=tr!(storage.note).to_owned()>
            <button class="btn" on:click=move |_| history.set(true)>
                {tr!(storage.prices)}
            </button>
            <Show when=move || org.may(Object::Organization, Action::Update)>
                <button class="btn primary" on:click=move |_| pricing.set(true)>
                    {tr!(storage.set_price)}
                </button>
            </Show>
        </PageHead>
        <Loaded of=report let:shown>
            <Figures report=shown />
            <div class="card">
                <header>
                    <h2>{tr!(storage.by_project)}</h2>
                </header>
                <ProjectTable report=shown fetched=report />
            </div>
            <Dialog open=pricing title=tr!(storage.set_price).to_owned()>
                <SetPrice price=shown.get_untracked().price_per_gb_month open=pricing fetched=report />
            </Dialog>
        </Loaded>
        <Bill />
        <Dialog open=history title=tr!(storage.prices).to_owned()>
            <Prices />
        </Dialog>
    }
}

#[component]
fn Figures(report: RwSignal<StorageReport>) -> impl IntoView {
    let org = Org::expect();
    let sums = Memo::new(move |_| {
        report.with(|report| {
            report.projects.iter().fold((0, 0, 0), |(versions, stored, other), project| {
                (versions + project.version_bytes, stored + project.stored_bytes, other + project.other_bytes)
            })
        })
    });
    let stored = move || {
        let (versions, stored, _) = sums.get();
        size::ratio(versions, stored)
            .map_or_else(|| tr!(storage.stored_note).to_owned(), |ratio| tr!(storage.ratio, ratio = ratio))
    };
    let month = move || {
        let price = report.with(|report| report.price_per_gb_month);
        money::exact(price, &org.currency())
    };
    view! {
        <section class="grid">
            <div class="c4">
                <Figure
                    label=tr!(storage.in_versions)
                    value=Signal::derive(move || size::bytes(sums.get().0))
                    note=Signal::stored(tr!(storage.in_versions_note).to_owned())
                />
            </div>
            <div class="c4">
                <Figure
                    label=tr!(storage.stored)
                    value=Signal::derive(move || size::bytes(sums.get().1))
                    note=Signal::derive(stored)
                />
            </div>
            <div class="c4">
                <Figure
                    label=tr!(storage.price)
                    value=Signal::derive(month)
                    note=Signal::stored(tr!(storage.price_note).to_owned())
                />
            </div>
        </section>
    }
}
