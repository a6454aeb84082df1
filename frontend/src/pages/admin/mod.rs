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
mod storage;

pub(crate) use cost::PersonTable;
pub(crate) use environments::cancelled_by;

use super::later::{Later, part};
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
use storage::Storage;

part! { administration:
    people = People,
    groups = Groups,
    group = GroupPage,
    own_roles = Roles,
    costs = Cost,
    all_running = Running,
    tiers = Sizes,
    stored = Storage,
    all_environments = Environments,
    about = OrganizationSettings,
}

#[component(transparent)]
pub(crate) fn AdminRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/admin") view=AdminArea>
            <Route path=path!("") view=AdminStart />
            <Route path=path!("/people") view=|| view! { <Later page=people /> } />
            <Route path=path!("/groups") view=|| view! { <Later page=groups /> } />
            <Route path=path!("/groups/:group") view=|| view! { <Later page=group /> } />
            <Route path=path!("/roles") view=|| view! { <Later page=own_roles /> } />
            <Route path=path!("/cost") view=|| view! { <Later page=costs /> } />
            <Route path=path!("/running") view=|| view! { <Later page=all_running /> } />
            <Route path=path!("/sizes") view=|| view! { <Later page=tiers /> } />
            <Route path=path!("/storage") view=|| view! { <Later page=stored /> } />
            <Route path=path!("/environments") view=|| view! { <Later page=all_environments /> } />
            <Route path=path!("/settings") view=|| view! { <Later page=about /> } />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
