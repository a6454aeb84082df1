//! Spending by project, the deleted ones too: their bill stays.

use super::Drill;
use crate::components::{Empty, Order, SortHead};
use crate::contexts::organization::Org;
use crate::text::tr;
use atelier_api::billing::ProjectSpend;
use leptos::prelude::*;

#[component]
pub(crate) fn ProjectTable(projects: Signal<Vec<ProjectSpend>>, show: Callback<Drill>) -> impl IntoView {
    let org = Org::expect();
    let order = RwSignal::new(Order { column: 1, descending: true });
    let sorted = move || {
        let (mut projects, order) = (projects.get(), order.get());
        projects.sort_by(|a, b| {
            order.of(match order.column {
                0 => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
                _ => a.total.cmp(&b.total),
            })
        });
        projects
    };
    let row = move |project: ProjectSpend| {
        let deleted = project.deleted.then(|| view! { " " <span class="chip">{tr!(cost.deleted)}</span> });
        let label = tr!(cost.rows_of, name = project.name.clone());
        let drill = Drill::Project(project.project.clone());
        view! {
            <tr>
                <td>
                    <b class="strong">{project.name}</b>
                    {deleted}
                </td>
                <td class="num">{org.money(project.total)}</td>
                <td class="num">
                    <button class="btn quiet small" aria-label=label on:click=move |_| show.run(drill.clone())>
                        {tr!(cost.rows_button)}
                    </button>
                </td>
            </tr>
        }
    };
    view! {
        <Show
            when=move || projects.with(|projects| !projects.is_empty())
            fallback=|| view! { <Empty title=tr!(cost.no_rows_title) text=tr!(cost.no_rows_text) /> }
        >
            <table>
                <thead>
                    <tr>
                        <SortHead label=tr!(cost.project) column=0 order />
                        <SortHead label=tr!(cost.total) column=1 order figures=true />
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>{move || sorted().into_iter().map(row).collect_view()}</tbody>
            </table>
        </Show>
    }
}
