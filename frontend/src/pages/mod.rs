//! The pages, in folders by their address.

mod admin;
mod entrance;
mod home;
mod later;
pub(crate) mod organization;
mod profile;
pub(crate) mod project;
mod signed;

use crate::components::NotFound;
use admin::AdminRoutes;
use entrance::{Invitation, PasswordReset, SetUp, SignIn};
use home::Home;
use later::{Later, part};
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;
use organization::{MyCost, OrganizationArea, OrganizationFrame, Projects};
use profile::{Profile, Tokens};
use project::ProjectRoutes;
use signed::{Plain, Signed};

part! { account:
    profile = Profile,
    tokens = Tokens,
}

#[component]
pub(crate) fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=|| view! { <main><NotFound /></main> }>
                <Route path=path!("/sign-in") view=SignIn />
                <Route path=path!("/set-up") view=SetUp />
                <Route path=path!("/invitation/:token") view=Invitation />
                <Route path=path!("/password-reset/:token") view=PasswordReset />
                <ParentRoute path=path!("") view=Signed>
                    <ParentRoute path=path!("") view=Plain>
                        <Route path=path!("") view=Home />
                        <Route path=path!("/profile") view=|| view! { <Later page=profile /> } />
                        <Route path=path!("/profile/tokens") view=|| view! { <Later page=tokens /> } />
                    </ParentRoute>
                    <OrganizationRoutes />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

#[component(transparent)]
fn OrganizationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/:org") view=OrganizationArea>
            <ParentRoute path=path!("") view=OrganizationFrame>
                <Route path=path!("") view=Projects />
                <Route path=path!("/cost") view=MyCost />
            </ParentRoute>
            <AdminRoutes />
            <ProjectRoutes />
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}
