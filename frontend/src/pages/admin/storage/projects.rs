//! What each project stores, and how much of its quota that is.

use super::quota::SetQuota;
use crate::components::{Dialog, Empty, Gauge, Order, SortHead};
use crate::contexts::organization::Org;
use crate::data::Fetched;
use crate::format::size;
use crate::text::tr;
use atelier_api::role::{Action, Object};
use atelier_api::storage::{ProjectStorage, StorageReport};
use leptos::prelude::*;

#[component]
pub(super) fn ProjectTable(
    report: RwSignal<StorageReport>,
    fetched: Fetched<StorageReport>,
) -> impl IntoView {
    let order = RwSignal::new(Order { column: 2, descending: true });
    let chosen = RwSignal::new(None::<ProjectStorage>);
    let setting = RwSignal::new(false);
    let sorted = move || {
        let (mut projects, order) = (report.with(|report| report.projects.clone()), order.get());
        projects.sort_by(|a, b| {
            order.of(match order.column {
                0 => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
                1 => a.version_bytes.cmp(&b.version_bytes),
                3 => a.other_bytes.cmp(&b.other_bytes),
                _ => a.stored_bytes.cmp(&b.stored_bytes),
            })
        });
        projects
    };
    let title = move || {
        let name = chosen.with(|project| project.as_ref().map(|p| p.name.clone()).unwrap_or_default());
        tr!(storage.quota_of, name = name)
    };
    view! {
        <Show
            when=move || report.with(|report| !report.projects.is_empty())
            fallback=|| view! { <Empty title=tr!(storage.none) text=tr!(storage.none_text) /> }
        >
            <div class="scroll" tabindex="0" role="region" aria-label=tr!(storage.by_project)>
                <table>
                    <thead>
                        <tr>
                            <SortHead label=tr!(cost.project) column=0 order />
                            <SortHead label=tr!(storage.in_versions) column=1 order figures=true wide_only=true />
                            <SortHead label=tr!(storage.stored) column=2 order figures=true />
                            <SortHead label=tr!(storage.other) column=3 order figures=true wide_only=true />
                            <th scope="col">{tr!(storage.quota)}</th>
                            <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=sorted key=|project| format!("{project:?}") let(project)>
                            <ProjectRow project chosen setting />
                        </For>
                    </tbody>
                </table>
            </div>
        </Show>
        <Dialog open=setting title=Signal::derive(title)>
            {move || chosen.get().map(|project| view! { <SetQuota project open=setting fetched /> })}
        </Dialog>
    }
}

#[component]
fn ProjectRow(
    project: ProjectStorage,
    chosen: RwSignal<Option<ProjectStorage>>,
    setting: RwSignal<bool>,
) -> impl IntoView {
    let org = Org::expect();
    let this = StoredValue::new(project.clone());
    let ratio = size::ratio(project.version_bytes, project.stored_bytes);
    let name = match &project.slug {
        Some(slug) => view! {
            <a class="strong" href=org.at(&format!("/{slug}/data"))>
                {project.name.clone()}
            </a>
        }
        .into_any(),
        None => view! { {project.name.clone()} " " <span class="chip">{tr!(cost.deleted)}</span> }.into_any(),
    };
    let edit = project.slug.map(|_| {
        let label = tr!(storage.quota_of, name = project.name);
        view! {
            <Show when=move || org.may(Object::Organization, Action::Update)>
                <button
                    class="btn"
                    aria-label=label.clone()
                    on:click=move |_| {
                        chosen.set(Some(this.get_value()));
                        setting.set(true);
                    }
                >
                    {tr!(storage.quota)}
                </button>
            </Show>
        }
    });
    view! {
        <tr>
            <td>{name}</td>
            <td class="num wide-only">{size::bytes(project.version_bytes)}</td>
            <td class="num">
                {size::bytes(project.stored_bytes)}
                {ratio.map(|ratio| view! { <p class="faint small">{tr!(storage.ratio, ratio = ratio)}</p> })}
            </td>
            <td class="num wide-only">{size::bytes(project.other_bytes)}</td>
            <td>
                {match project.quota_bytes {
                    Some(quota) => view! { <Used stored=project.stored_bytes quota /> }.into_any(),
                    None => view! { <span class="faint">{tr!(storage.no_quota)}</span> }.into_any(),
                }}
            </td>
            <td class="num buttons">{edit}</td>
        </tr>
    }
}

#[component]
fn Used(stored: i64, quota: i64) -> impl IntoView {
    let percent = size::used(stored, quota);
    view! {
        <p class="small nowrap">
            {tr!(storage.of_quota, percent = percent, quota = size::bytes(quota))}
        </p>
        <Gauge percent label=tr!(storage.used_of_quota).to_owned() />
    }
}
