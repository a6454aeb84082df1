//! The administration of an organization.

mod cost;
mod environments;
mod frame;
mod groups;
mod people;
mod roles;
mod running;
mod settings;
mod sizes;

pub(crate) use cost::PersonTable;
pub(crate) use environments::cancelled_by;

use cost::Cost;
use environments::Environments;
use frame::{AdminArea, AdminStart};
use groups::{GroupPage, Groups};
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route};
use leptos_router::path;
use people::People;
use roles::Roles;
use running::Running;
use settings::OrganizationSettings;
use sizes::Sizes;

#[component(transparent)]
pub(crate) fn AdminRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/admin") view=AdminArea>
            <Route path=path!("") view=AdminStart />
            <Route path=path!("/people") view=People />
            <Route path=path!("/groups") view=Groups />
            <Route path=path!("/groups/:group") view=GroupPage />
            <Route path=path!("/roles") view=Roles />
            <Route path=path!("/cost") view=Cost />
            <Route path=path!("/running") view=Running />
            <Route path=path!("/sizes") view=Sizes />
            <Route path=path!("/environments") view=Environments />
            <Route path=path!("/settings") view=OrganizationSettings />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
