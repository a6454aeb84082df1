//! The frame of the administration.

use crate::components::NotFound;
use crate::components::shell::{Crumb, Shell, SideLink};
use crate::contexts::organization::Org;
use crate::pages::organization::navigation::administration_links;
use crate::text::tr;
use leptos::prelude::*;
use leptos_router::components::Redirect;

#[component]
pub(crate) fn AdminArea() -> impl IntoView {
    let org = Org::expect();
    let crumbs =
        move || vec![Crumb { name: tr!(shell.administration).to_owned(), address: org.at("/admin") }];
    view! {
        <Shell
            crumbs=Signal::derive(crumbs)
            links=Signal::derive(move || administration_links(org))
        />
    }
}

/// The first page that one may see.
#[component]
pub(crate) fn AdminStart() -> impl IntoView {
    let links = administration_links(Org::expect());
    match links.into_iter().find_map(|link| match link {
        SideLink::To { address, .. } => Some(address),
        SideLink::Line => None,
    }) {
        Some(address) => view! { <Redirect path=address /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}
