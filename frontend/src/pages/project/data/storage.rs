//! What the project's data takes, and how much of it there may be.

use crate::components::Gauge;
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::format::size;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::role::{Action, Object, Scope};
use atelier_api::storage::{ProjectStorage, StoragePart};
use leptos::prelude::*;

/// Percent of the quota from which on people are warned, as the gauge does, and at which nothing more goes in.
const WARNS: i64 = 80;
const FULL: i64 = 100;

/// Nothing for those who may not see everybody's datasets, and as long as nothing is stored: nobody waits for this.
#[component]
pub(super) fn StorageCard() -> impl IntoView {
    let project = Proj::expect();
    view! {
        <Show when=move || project.may(Object::Dataset, Action::Read)>
            <Card />
        </Show>
    }
}

#[component]
fn Card() -> impl IntoView {
    let project = Proj::expect();
    let report = Fetched::new(move || calls::project_storage(&project.org.slug(), &project.slug())).stale_on(
        project.org.live,
        move |event| matches!(event, Event::DatasetsChanged { project: changed } if *changed == project.slug()),
    );
    let total = Memo::new(move |_| report.get().map(|report| report.total));
    let shown = move || {
        let any = |total: &ProjectStorage| total.stored_bytes > 0 || total.quota_bytes.is_some();
        total.with(|total| total.as_ref().is_some_and(any))
    };
    let line = move || total.with(|total| total.as_ref().map(in_words));
    let used = move || {
        let total = total.get()?;
        let quota = total.quota_bytes?;
        Some((size::used(total.stored_bytes, quota), size::bytes(quota)))
    };
    let warning = move || match used()?.0 {
        FULL.. => Some(tr!(storage.full)),
        WARNS.. => Some(tr!(storage.nearly_full)),
        _ => None,
    };
    let gauge = move || {
        let (percent, quota) = used()?;
        Some(view! {
            <span class="used">
                <small class="nowrap">{tr!(storage.of_quota, percent = percent, quota = quota)}</small>
                <Gauge percent label=tr!(storage.used_of_quota).to_owned() />
            </span>
        })
    };
    let parts = Signal::derive(move || report.get().map(|report| report.parts).unwrap_or_default());
    view! {
        <Show when=shown>
            {move || warning().map(|text| view! { <p class="notice wait" role="status">{text}</p> })}
            <details class="card stored">
                <summary>
                    <span class="grow">{line}</span>
                    {gauge}
                </summary>
                <Parts parts />
            </details>
        </Show>
    }
}

/// `12 GB in versions, 3.1 GB stored (÷ 3.9)`
fn in_words(total: &ProjectStorage) -> String {
    let (versions, stored) = (size::bytes(total.version_bytes), size::bytes(total.stored_bytes));
    match size::ratio(total.version_bytes, total.stored_bytes) {
        Some(ratio) => tr!(storage.line_ratio, versions = versions, stored = stored, ratio = ratio),
        None => tr!(storage.line, versions = versions, stored = stored),
    }
}

#[component]
fn Parts(parts: Signal<Vec<StoragePart>>) -> impl IntoView {
    view! {
        <p class="in muted small">{tr!(storage.parts_note)}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(storage.by_part)>
            <table class="dense">
                <thead>
                    <tr>
                        <th scope="col">{tr!(common.name)}</th>
                        <th scope="col" class="num wide-only">{tr!(data.versions)}</th>
                        <th scope="col" class="num wide-only">{tr!(data.newest)}</th>
                        <th scope="col" class="num">{tr!(storage.in_versions)}</th>
                        <th scope="col" class="num">{tr!(storage.stored)}</th>
                        <th scope="col" class="num">{tr!(storage.own)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || parts.get()
                        key=|part| format!("{part:?}")
                        let(part)
                    >
                        <PartRow part />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn PartRow(part: StoragePart) -> impl IntoView {
    let project = Proj::expect();
    let is_model = part.kind == Object::Model;
    let page = if is_model { "models" } else { "data" };
    let name = match (part.slug, part.name) {
        (Some(slug), Some(name)) => {
            view! { <a href=project.at(&format!("/{page}/{slug}"))>{name}</a> }.into_any()
        }
        _ => {
            let page = if part.kind == Object::Result { "results" } else { "files" };
            view! { <a href=project.at(&format!("/{page}"))>{words::noun(part.kind, Scope::Any)}</a> }
                .into_any()
        }
    };
    view! {
        <tr>
            <td class="named">
                {name} {is_model.then(|| view! { " " <span class="chip">{tr!(models.model)}</span> })}
                {part.trashed.then(|| view! { " " <span class="chip">{tr!(data.in_trash)}</span> })}
            </td>
            <td class="num wide-only">{size::number(part.versions as f64, 0)}</td>
            <td class="num nowrap wide-only">{size::bytes(part.newest_bytes)}</td>
            <td class="num nowrap">{size::bytes(part.version_bytes)}</td>
            <td class="num nowrap">{size::bytes(part.stored_bytes)}</td>
            <td class="num nowrap">{size::bytes(part.own_bytes)}</td>
        </tr>
    }
}
