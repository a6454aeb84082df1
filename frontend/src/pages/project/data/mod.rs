//! The datasets of a project.

mod create;
pub(super) mod dataset;
pub(super) mod labels;
mod list;
mod storage;
mod table;
pub(super) mod trash;
mod upload;

use crate::pages::later::{Later, part};
use dataset::{Compare, DatasetAccess, DatasetArea, DatasetSettings, Files, TableRows, Versions};
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route};
use leptos_router::path;
use list::Datasets;

part! { data:
    datasets = Datasets,
    files = Files,
    versions = Versions,
    rows = TableRows,
    compare = Compare,
    dataset_access = DatasetAccess,
    about_dataset = DatasetSettings,
}

#[component(transparent)]
pub(crate) fn DataRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/data") view=leptos_router::components::Outlet>
            <Route path=path!("") view=|| view! { <Later page=datasets /> } />
            <ParentRoute path=path!("/:dataset") view=DatasetArea>
                <Route path=path!("") view=|| view! { <Later page=files /> } />
                <Route path=path!("/versions") view=|| view! { <Later page=versions /> } />
                <Route path=path!("/rows") view=|| view! { <Later page=rows /> } />
                <Route path=path!("/compare") view=|| view! { <Later page=compare /> } />
                <Route path=path!("/access") view=|| view! { <Later page=dataset_access /> } />
                <Route path=path!("/settings") view=|| view! { <Later page=about_dataset /> } />
                <Route path=path!("/:version") view=|| view! { <Later page=files /> } />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
