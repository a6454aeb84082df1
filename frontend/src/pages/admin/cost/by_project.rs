//! Spending by project, the deleted ones too: their bill stays.

use super::Drill;
use crate::components::Empty;
use crate::contexts::organization::Org;
use crate::text::tr;
use atelier_api::billing::ProjectSpend;
use leptos::prelude::*;

#[component]
pub(crate) fn ProjectTable(projects: Signal<Vec<ProjectSpend>>, show: Callback<Drill>) -> impl IntoView {
    let org = Org::expect();
    let sorted = move || {
        let mut projects = projects.get();
        projects.sort_by_key(|p| std::cmp::Reverse(p.total));
        projects
    };
    let row = move |project: ProjectSpend| {
        let deleted = project.deleted.then(|| view! { " " <span class="chip">{tr!(cost.deleted)}</span> });
        let label = tr!(cost.rows_of, name = project.name.clone());
        let drill = Drill { person: None, project: Some((project.project.clone(), project.name.clone())) };
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
                        <th scope="col">{tr!(cost.project)}</th>
                        <th scope="col" class="num">{tr!(cost.total)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>{move || sorted().into_iter().map(row).collect_view()}</tbody>
            </table>
        </Show>
    }
}
