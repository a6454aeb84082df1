//! The datasets of a project.

mod create;
mod dataset;
mod labels;
mod list;
mod table;
mod trash;
mod upload;

use dataset::{Compare, DatasetArea, DatasetSettings, Files, Versions};
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route};
use leptos_router::path;
use list::Datasets;

#[component(transparent)]
pub(crate) fn DataRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/data") view=leptos_router::components::Outlet>
            <Route path=path!("") view=Datasets />
            <ParentRoute path=path!("/:dataset") view=DatasetArea>
                <Route path=path!("") view=Files />
                <Route path=path!("/versions") view=Versions />
                <Route path=path!("/compare") view=Compare />
                <Route path=path!("/settings") view=DatasetSettings />
                <Route path=path!("/:version") view=Files />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
