//! A project's area: the project and its navigation.

use super::navigation::project_links;
use crate::components::Loaded;
use crate::components::shell::{Crumb, Shell};
use crate::contexts::live::session_moved;
use crate::contexts::organization::Org;
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::project::Project;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub(crate) fn ProjectArea() -> impl IntoView {
    let org = Org::expect();
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("project").unwrap_or_default());
    move || {
        let slug = StoredValue::new(slug.get());
        let fetched = Fetched::new(move || calls::project_get(&org.slug(), &slug.get_value()));
        let moved = session_moved();
        fetched.stale_on(org.live, move |event| match event {
            Event::ProjectChanged { project } | Event::MembersChanged { project } => {
                *project == slug.get_value()
            }
            // Its figures: what runs, and the month.
            Event::SpendChanged | Event::ProjectsChanged => true,
            _ => moved(event),
        });
        view! {
            <Loaded of=fetched page=true let:info>
                <Inside fetched info />
            </Loaded>
        }
    }
}

#[component]
fn Inside(fetched: Fetched<Project>, info: RwSignal<Project>) -> impl IntoView {
    let project = Proj::provide(Org::expect(), fetched, info);
    let crumbs = move || vec![Crumb { name: project.name(), address: project.at("") }];
    view! {
        <Shell
            crumbs=Signal::derive(crumbs)
            links=Signal::derive(move || project_links(project))
        />
    }
}

/// A sentence on every page of an archived project.
#[component]
pub(crate) fn ArchivedNotice() -> impl IntoView {
    let project = Proj::expect();
    view! {
        <Show when=move || project.archived()>
            <p class="notice">{tr!(projects.archived_notice)}</p>
        </Show>
    }
}
