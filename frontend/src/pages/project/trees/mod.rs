//! The files of a project, and its results: folders, single files with their history, and what versions changed.

mod area;
mod browse;
mod changes;
mod compare;
mod context;
mod entries;
mod file;
mod history;
mod preview;
mod readers;
mod restore;
mod version;
mod versions;

use crate::pages::later::{Later, part};
use area::{FilesArea, ResultsArea};
use browse::Browse;
use compare::Compare;
use file::FilePage;
use history::History;
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route};
use leptos_router::path;
use readers::Readers;
use versions::Versions;

part! { files:
    files_area = FilesArea,
    results_area = ResultsArea,
    browse = Browse,
    file = FilePage,
    history = History,
    versions = Versions,
    compare = Compare,
    readers = Readers,
}

#[component(transparent)]
pub(crate) fn FilesRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/files") view=|| view! { <Later page=files_area /> }>
            <Route path=path!("") view=|| view! { <Later page=browse /> } />
            <Route path=path!("/file") view=|| view! { <Later page=file /> } />
            <Route path=path!("/history") view=|| view! { <Later page=history /> } />
            <Route path=path!("/versions") view=|| view! { <Later page=versions /> } />
            <Route path=path!("/compare") view=|| view! { <Later page=compare /> } />
            <Route path=path!("/readers") view=|| view! { <Later page=readers /> } />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
pub(crate) fn ResultsRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/results") view=|| view! { <Later page=results_area /> }>
            <Route path=path!("") view=|| view! { <Later page=browse /> } />
            <Route path=path!("/file") view=|| view! { <Later page=file /> } />
            <Route path=path!("/history") view=|| view! { <Later page=history /> } />
            <Route path=path!("/versions") view=|| view! { <Later page=versions /> } />
            <Route path=path!("/compare") view=|| view! { <Later page=compare /> } />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
