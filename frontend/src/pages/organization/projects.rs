//! The projects that one may see.

use super::create_project::CreateProjectForm;
use crate::components::form::SearchField;
use crate::components::{Dialog, Empty, Loaded, PageHead, ShowMore};
use crate::contexts::live::session_moved;
use crate::contexts::organization::Org;
use crate::data::{Listed, in_address};
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::project::{Project, ProjectFilter};
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn Projects() -> impl IntoView {
    let org = Org::expect();
    let search = in_address("q");
    let which = in_address("which");
    let archived = Signal::derive(move || which.with(|which| which == "archived"));
    let creating = RwSignal::new(false);
    let list = Listed::new(move |cursor| {
        let search = Some(search.get()).filter(|text| !text.trim().is_empty());
        let filter = ProjectFilter { search, archived: Some(archived.get()), cursor };
        calls::project_list(&org.slug(), &filter)
    });
    let moved = session_moved();
    list.first.stale_on(org.live, move |event| {
        matches!(event, Event::ProjectsChanged | Event::ProjectChanged { .. } | Event::SpendChanged)
            || moved(event)
    });
    let may_create = move || org.may(Object::Project, Action::Create);
    view! {
        <PageHead title=tr!(projects.title).to_owned()>
            <SearchField label=tr!(projects.search) search />
            <select
                class="input"
                aria-label=tr!(projects.which)
                on:change=move |event| which.set(event_target_value(&event))
            >
                <option value="">{tr!(projects.active)}</option>
                <option value="archived" prop:selected=archived>
                    {tr!(projects.archived)}
                </option>
            </select>
            <Show when=may_create>
                <button class="btn primary" on:click=move |_| creating.set(true)>
                    {tr!(projects.new)}
                </button>
            </Show>
        </PageHead>
        <div class="card">
            <Loaded of=list.first let:first>
                <Show
                    when=move || first.with(|page| !page.items.is_empty())
                    fallback=move || view! { <Nothing search archived creating /> }
                >
                    <ProjectTable projects=Signal::derive(move || list.items(&first.get())) />
                    <ShowMore list />
                </Show>
            </Loaded>
        </div>
        <Dialog open=creating title=tr!(projects.new).to_owned()>
            <CreateProjectForm />
        </Dialog>
    }
}

/// Nothing found, nothing archived, or nothing at all yet.
#[component]
fn Nothing(search: RwSignal<String>, archived: Signal<bool>, creating: RwSignal<bool>) -> impl IntoView {
    let org = Org::expect();
    let may_create = untrack(|| org.may(Object::Project, Action::Create));
    if search.with(|text| !text.trim().is_empty()) {
        return view! { <Empty title=tr!(projects.not_found) text=tr!(projects.not_found_text) /> };
    }
    if archived.get() {
        return view! { <Empty title=tr!(projects.none_archived) text=tr!(projects.none_archived_text) /> };
    }
    let text = if may_create { tr!(projects.none_text) } else { tr!(projects.none_text_member) };
    view! {
        <Empty title=tr!(projects.none) text=text>
            {may_create
                .then(|| {
                    view! {
                        <button class="btn primary" on:click=move |_| creating.set(true)>
                            {tr!(projects.new)}
                        </button>
                    }
                })}
        </Empty>
    }
}

#[component]
fn ProjectTable(projects: Signal<Vec<Project>>) -> impl IntoView {
    // Auditors have no roles here, guests see no money: then there is no column for it.
    let columns = Memo::new(move |_| {
        projects.with(|all| (all.iter().any(|p| p.role.is_some()), all.iter().any(|p| p.month.is_some())))
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(projects.title)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(projects.project)}</th>
                        <Show when=move || columns.get().0>
                            <th scope="col" class="wide-only">{tr!(projects.your_role)}</th>
                        </Show>
                        <th scope="col" class="num wide-only">{tr!(projects.members)}</th>
                        <th scope="col" class="num">{tr!(projects.running)}</th>
                        <Show when=move || columns.get().1>
                            <th scope="col" class="num">{tr!(projects.month)}</th>
                        </Show>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || projects.get() key=shown let(project)>
                        <ProjectRow project columns />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// A row is made anew when anything that it shows changes.
fn shown(project: &Project) -> impl Eq + std::hash::Hash + use<> {
    let Project { slug, name, description, role, members, running, month, .. } = project.clone();
    (slug, name, description, role, members, running, month)
}

#[component]
fn ProjectRow(project: Project, columns: Memo<(bool, bool)>) -> impl IntoView {
    let org = Org::expect();
    let month = project.month.map(|month| org.money(month));
    let role = project.role.map(|role| words::role(role.into()));
    view! {
        <tr>
            <td>
                <a class="strong" href=org.at(&format!("/{}", project.slug))>{project.name}</a>
                <p class="faint small clip">{project.description}</p>
            </td>
            <Show when=move || columns.get().0>
                <td class="wide-only">{role}</td>
            </Show>
            <td class="num wide-only">{project.members}</td>
            <td class="num">
                {(project.running > 0)
                    .then(|| view! { <span class="chip ok"><i></i>{project.running}</span> })}
            </td>
            <Show when=move || columns.get().1>
                <td class="num">{month.clone()}</td>
            </Show>
        </tr>
    }
}
