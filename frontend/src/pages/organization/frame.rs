//! An organization's area: who it is, its stream of events, its navigation.

use super::navigation::{administration_links, organization_links};
use crate::components::Loaded;
use crate::components::shell::{Shell, SideLink};
use crate::contexts::organization::Org;
use crate::data::Fetched;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::organization::Organization;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_params_map;

#[component]
pub(crate) fn OrganizationArea() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("org").unwrap_or_default());
    move || {
        let slug = slug.get();
        let fetched = Fetched::new(move || calls::organization_get(&slug));
        view! {
            <Loaded of=fetched page=true let:info>
                <Inside fetched info />
            </Loaded>
        }
    }
}

#[component]
fn Inside(fetched: Fetched<Organization>, info: RwSignal<Organization>) -> impl IntoView {
    Org::provide(fetched, info);
    view! { <Outlet /> }
}

/// The frame of the pages that belong to no project and are not administration.
#[component]
pub(crate) fn OrganizationFrame() -> impl IntoView {
    let org = Org::expect();
    let links = move || {
        let mut links = organization_links(org);
        if let Some(SideLink::To { address, .. }) = administration_links(org).into_iter().next() {
            links.push(SideLink::Line);
            links.push(SideLink::to(tr!(shell.administration), address));
        }
        links
    };
    view! { <Shell links=Signal::derive(links) /> }
}
