//! The pages of a project.

mod cost;
mod data;
mod frame;
pub(crate) mod members;
pub(crate) mod models;
pub(crate) mod navigation;
mod overview;
mod sessions;
pub(crate) mod settings;
mod trees;
mod versions;

use crate::pages::later::{Later, part};
use cost::ProjectCost;
use data::DataRoutes;
use frame::ProjectArea;
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route};
use leptos_router::path;
use members::Members;
use models::ModelRoutes;
use overview::Overview;
use sessions::{SessionPage, Sessions, StartPage};
use settings::ProjectSettings;
use trees::{FilesRoutes, ResultsRoutes};

part! { project:
    start = StartPage,
    people = Members,
    spent = ProjectCost,
    about = ProjectSettings,
}

#[component(transparent)]
pub(crate) fn ProjectRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/:project") view=ProjectArea>
            <Route path=path!("") view=Overview />
            <Route path=path!("/sessions") view=Sessions />
            <Route path=path!("/sessions/new") view=|| view! { <Later page=start /> } />
            <Route path=path!("/sessions/:session") view=SessionPage />
            <DataRoutes />
            <FilesRoutes />
            <ModelRoutes />
            <ResultsRoutes />
            <Route path=path!("/members") view=|| view! { <Later page=people /> } />
            <Route path=path!("/cost") view=|| view! { <Later page=spent /> } />
            <Route path=path!("/settings") view=|| view! { <Later page=about /> } />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
