//! The models of a project. Much of their pages is as of datasets.

mod compare;
mod first;
mod frame;
mod list;
mod scores;
mod table;

pub(super) use compare::CompareFacts;
pub(super) use first::FirstModel;
pub(super) use scores::Scores;

use super::data::dataset::{Compare, DatasetSettings, Files, Versions};
use crate::pages::later::{Later, part};
use frame::ModelArea;
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route};
use leptos_router::path;
use list::Models;

// With the pages of datasets, whose components they share.
part! { data:
    models = Models,
    model_versions = Versions,
    model_files = Files,
    compare_models = Compare,
    about_model = DatasetSettings,
}

#[component(transparent)]
pub(crate) fn ModelRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/models") view=leptos_router::components::Outlet>
            <Route path=path!("") view=|| view! { <Later page=models /> } />
            <ParentRoute path=path!("/:model") view=ModelArea>
                <Route path=path!("") view=|| view! { <Later page=model_versions /> } />
                <Route path=path!("/files") view=|| view! { <Later page=model_files /> } />
                <Route path=path!("/compare") view=|| view! { <Later page=compare_models /> } />
                <Route path=path!("/settings") view=|| view! { <Later page=about_model /> } />
                <Route path=path!("/:version") view=|| view! { <Later page=model_files /> } />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
